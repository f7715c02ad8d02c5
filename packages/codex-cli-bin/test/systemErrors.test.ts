import { expect, test } from "vitest";

import { describeSystemError, systemFailure, type FailedCall } from "../src/systemErrors.js";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: failed`), { code });
}

const calls: readonly FailedCall[] = ["access", "chdir", "read", "realpath", "spawn", "stat"];
const errnos = [
  "E2BIG",
  "EACCES",
  "EAGAIN",
  "EBUSY",
  "EIO",
  "ELOOP",
  "EMFILE",
  "ENAMETOOLONG",
  "ENFILE",
  "ENOENT",
  "ENOEXEC",
  "ENOMEM",
  "ENOTDIR",
  "EPERM",
  "ETXTBSY",
  "Unknown system error -86",
];

test.each([
  ["EMFILE", "spawn", "could not be started (EMFILE): this process has as many files and sockets"],
  ["ENFILE", "read", "cannot be read (ENFILE): the system has as many files open as it allows"],
  ["EACCES", "spawn", "could not be started (EACCES): this user may not execute it"],
  ["EACCES", "stat", "cannot be inspected (EACCES): this user may not read it"],
  ["EACCES", "chdir", "working directory (EACCES): this user may not enter it"],
  ["ENOEXEC", "spawn", "(ENOEXEC): it is not a program for this operating system and processor"],
  ["ENOENT", "spawn", "(ENOENT): its interpreter (the path after #!) or its loader"],
  ["ENOENT", "chdir", "(ENOENT): it does not exist"],
  ["ELOOP", "realpath", "cannot be resolved (ELOOP): its symbolic links form a loop"],
  ["ENAMETOOLONG", "stat", "(ENAMETOOLONG): the path, or a part of it, is longer"],
  ["ENOTDIR", "stat", "(ENOTDIR): a part of the path before the last one is not a directory"],
  ["EIO", "read", "(EIO): the disk or file system reported an input/output error"],
  ["ENOMEM", "spawn", "(ENOMEM): there is not enough memory"],
  ["EAGAIN", "spawn", "(EAGAIN): the limit on the number of processes is reached"],
  ["ETXTBSY", "spawn", "(ETXTBSY): another process has it open for writing"],
  ["EPERM", "spawn", "(EPERM): the operating system or a security policy does not permit it"],
  ["E2BIG", "spawn", "(E2BIG): the arguments and environment variables are larger"],
  ["Unknown system error -86", "spawn", "(Unknown system error -86): it is not a program for this"],
] as const)(
  "%s of %s has one cause, after the path, the outcome and the errno",
  (errno, call, text) => {
    const { problem, remedies } = systemFailure(systemError(errno), call, "/x/codex", "linux");
    expect(problem).toContain(text);
    expect(problem).toMatch(/^\/x\/codex /);
    expect(remedies).toHaveLength(1);
  },
);

test.each([
  ["EXDEV", "read", "linux"],
  ["EAGAIN", "read", "linux"],
  ["UNKNOWN", "spawn", "win32"],
  ["EAGAIN", "spawn", "win32"],
  ["constructor", "stat", "linux"],
] as const)("%s of %s on %s is reported without a guess", (errno, call, platform) => {
  expect(systemFailure(systemError(errno), call, "/x/codex", platform)).toMatchObject({
    problem: expect.stringMatching(new RegExp(`^/x/codex [a-z ]+ \\(${errno}\\)\\.$`)),
    causes: [],
    remedies: [],
  });
});

test("a failure without an errno shows the error itself", () => {
  expect(describeSystemError(new Error("no"), "read", "/x", "linux")).toBe(
    "/x cannot be read (Error: no).",
  );
});

test.each(calls)("no cause or remedy of %s speaks of POSIX on Windows", (call) => {
  for (const errno of errnos) {
    const { message } = systemFailure(systemError(errno), call, "C:\\codex.exe", "win32");
    expect(message).not.toMatch(/chmod|libc|#!|ulimit|noexec|interpreter|mount/);
  }
});

test.each(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"])(
  "%s never leads to advice about the install, whatever code the caller passes",
  (errno) => {
    for (const call of calls) {
      const failure = systemFailure(systemError(errno), call, "/x", "linux", "CANNOT_EXECUTE");
      expect(failure.code).toBe("SYSTEM_ERROR");
      expect(failure.message).not.toMatch(/node_modules|install|damaged|incomplete/);
    }
  },
);
