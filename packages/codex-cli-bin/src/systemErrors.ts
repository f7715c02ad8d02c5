import { CodexCliBinError, type CodexCliBinErrorCode } from "./errors.js";

/** The operation that failed, by the system call behind it. */
export type FailedCall = "access" | "chdir" | "read" | "realpath" | "spawn" | "stat";

const OUTCOMES: Readonly<Record<FailedCall, string>> = {
  access: "cannot be executed",
  chdir: "cannot be used as the working directory",
  read: "cannot be read",
  realpath: "cannot be resolved",
  spawn: "could not be started",
  stat: "cannot be inspected",
};

interface Meaning {
  readonly cause: string;
  readonly remedy: string;
}

/** One errno. It has a meaning for every call, or only for those that `calls` names. */
interface Row {
  readonly any?: Meaning;
  readonly calls?: Readonly<Partial<Record<FailedCall, Meaning>>>;
  /** Replaces both on Windows. `null`: the errno has several causes there. */
  readonly windows?: Meaning | null;
}

const DENIED_TO_USER: Meaning = {
  cause: "this user may not read it, or may not enter a directory above it",
  remedy: "correct the permissions, or run as a user who has them",
};
const DENIED_TO_ENTER: Meaning = {
  cause: "this user may not enter it",
  remedy: "correct its permissions, or use another directory",
};
const DENIED_TO_EXECUTE: Meaning = {
  cause: "this user may not execute it, or its file system is mounted noexec",
  remedy: "correct the permissions, or move it to a file system that allows execution",
};
const DENIED_ON_WINDOWS: Meaning = {
  cause: "its permissions or a security program deny access",
  remedy: "check its permissions, and the log of the security program",
};
const NOT_A_PROGRAM: Meaning = {
  cause: "it is not a program for this operating system and processor",
  remedy: "use a build for this machine",
};

/** The one table of causes. An errno that it lacks is reported without a guess. */
const TABLE: Readonly<Record<string, Row>> = {
  E2BIG: {
    calls: {
      spawn: {
        cause: "the arguments and environment variables are larger than the system allows",
        remedy: "pass less in config and env",
      },
    },
  },
  EACCES: {
    any: DENIED_TO_USER,
    calls: { access: DENIED_TO_EXECUTE, chdir: DENIED_TO_ENTER, spawn: DENIED_TO_EXECUTE },
    windows: DENIED_ON_WINDOWS,
  },
  EAGAIN: {
    calls: {
      spawn: {
        cause: "the limit on the number of processes is reached",
        remedy: "end processes, or raise the limit (ulimit -u, or the pids limit of the container)",
      },
    },
    windows: null,
  },
  EBUSY: {
    any: { cause: "another program uses it", remedy: "end the program that uses it" },
  },
  EIO: {
    any: {
      cause: "the disk or file system reported an input/output error",
      remedy: "check the disk, or the network drive",
    },
  },
  ELOOP: {
    any: { cause: "its symbolic links form a loop", remedy: "correct the symbolic links" },
  },
  EMFILE: {
    any: {
      cause: "this process has as many files and sockets open as its limit allows",
      remedy: "close files and sockets, or raise the limit (ulimit -n)",
    },
    windows: {
      cause: "this process has as many files open as it can",
      remedy: "close files that this process does not need",
    },
  },
  ENAMETOOLONG: {
    any: {
      cause: "the path, or a part of it, is longer than the file system allows",
      remedy: "use a shorter path",
    },
  },
  ENFILE: {
    any: {
      cause: "the system has as many files open as it allows",
      remedy: "end programs, or raise the limit of the system",
    },
  },
  ENOENT: {
    any: { cause: "it does not exist", remedy: "correct the path" },
    calls: {
      spawn: {
        cause:
          "its interpreter (the path after #!) or its loader (of another libc) does not exist on this machine",
        remedy: "use a build for this machine",
      },
    },
    windows: { cause: "it does not exist", remedy: "correct the path" },
  },
  ENOEXEC: { any: NOT_A_PROGRAM },
  ENOMEM: {
    any: {
      cause: "there is not enough memory",
      remedy: "free memory, or raise the memory limit of the container",
    },
  },
  ENOTDIR: {
    any: {
      cause: "a part of the path before the last one is not a directory",
      remedy: "correct the path",
    },
  },
  EPERM: {
    any: {
      cause: "the operating system or a security policy does not permit it",
      remedy: "change the policy, or use another location",
    },
    windows: DENIED_ON_WINDOWS,
  },
  ETXTBSY: {
    any: {
      cause: "another process has it open for writing",
      remedy: "wait until it has been written, then start again",
    },
  },
  // EBADARCH of macOS, for which Node has no name.
  "Unknown system error -86": { any: NOT_A_PROGRAM },
};

/** Errnos about this process or the system, and not about the file. */
const WITHOUT_FILE: ReadonlySet<string> = new Set([
  "E2BIG",
  "EAGAIN",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
]);

/** Errnos of a path that does not lead to a file. */
const NOWHERE: ReadonlySet<string> = new Set(["ELOOP", "ENAMETOOLONG", "ENOENT", "ENOTDIR"]);

/** Returns the errno of a system error, such as `EMFILE`, or `undefined`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** Returns whether the file or directory simply is not there. */
export function isAbsent(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === "ENOENT" || errno === "ENOTDIR";
}

/** Returns whether the failure has nothing to do with the file: a limit of the process or system. */
export function isWithoutFile(error: unknown): boolean {
  return WITHOUT_FILE.has(errnoOf(error) ?? "");
}

/** Returns the meaning of a system error, or `undefined` where the table has none. */
function meaningOf(error: unknown, call: FailedCall, platform: string): Meaning | undefined {
  const errno = errnoOf(error) ?? "";
  const row = Object.hasOwn(TABLE, errno) ? TABLE[errno] : undefined;
  if (platform === "win32" && row?.windows !== undefined) return row.windows ?? undefined;
  return row?.calls?.[call] ?? row?.any;
}

/**
 * Returns one sentence about a failed system call: the path, the outcome, the errno and, where the errno
 * has one meaning, the cause.
 */
export function describeSystemError(
  error: unknown,
  call: FailedCall,
  subject: string,
  platform: string = process.platform,
): string {
  const errno = errnoOf(error) ?? String(error);
  const cause = meaningOf(error, call, platform)?.cause;
  return `${subject} ${OUTCOMES[call]} (${errno})${cause === undefined ? "" : `: ${cause}`}.`;
}

/**
 * Returns the error for a failed system call.
 *
 * @param subject the path, with its source in parentheses where it has one.
 * @param code the code to use if the errno is about the file. By default the errno decides.
 */
export function systemFailure(
  error: unknown,
  call: FailedCall,
  subject: string,
  platform: string = process.platform,
  code: CodexCliBinErrorCode = NOWHERE.has(errnoOf(error) ?? "")
    ? "FILE_NOT_FOUND"
    : "SYSTEM_ERROR",
): CodexCliBinError {
  const meaning = meaningOf(error, call, platform);
  return new CodexCliBinError(
    {
      code: isWithoutFile(error) ? "SYSTEM_ERROR" : code,
      problem: describeSystemError(error, call, subject, platform),
      remedies: meaning === undefined ? [] : [meaning.remedy],
    },
    { cause: error },
  );
}
