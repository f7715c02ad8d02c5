import { expect, it } from "vitest";

import { describeExitStatus } from "../../../src/transport/exitStatus.js";

it.each([
  [1, null, "exit status 1"],
  [null, null, "exit status unknown"],
  [null, "SIGKILL", "signal SIGKILL"],
  [
    3221225781,
    null,
    "exit status 3221225781, 0xC0000135: a DLL that the program needs was not found",
  ],
  [3221226356, null, "exit status 3221226356, 0xC0000374"],
] as const)(
  "the exit status %s with the signal %s is described as %s",
  (exitCode, signal, text) => {
    expect(describeExitStatus(exitCode, signal)).toBe(text);
  },
);
