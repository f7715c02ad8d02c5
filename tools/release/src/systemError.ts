import { ReleaseError } from "./releaseError.js";

/** Descriptions of errors of the operating system that a person at the command line can fix. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied. Check the rights of the folder, or name another one"],
  ["EBUSY", "another process uses it, or it is a mount point. Name another folder"],
  ["EDQUOT", "the disk quota is used up. Free some space, or name a folder on another disk"],
  ["EEXIST", "a file of that name is already there"],
  ["EIO", "the disk or file system reported an input/output error"],
  ["EISDIR", "it is a folder, and a file was expected"],
  ["ELOOP", "its symbolic links form a loop"],
  ["EMFILE", "this process has too many open files. Raise the limit (`ulimit -n`)"],
  ["ENAMETOOLONG", "the path is too long"],
  ["ENOENT", "there is no such file or folder"],
  ["ENOSPC", "no space is left on the disk. A release takes about 4 GB while it is staged"],
  ["ENOTDIR", "a part of the path is a file, and a folder was expected"],
  ["ENOTEMPTY", "the folder is not empty"],
  ["EPERM", "the operation is not permitted. Check the rights of the folder, or name another one"],
  ["EROFS", "the file system is read-only. Name a folder on another one"],
]);

/** Codes about the place that is written to. */
const TARGET_CODES: ReadonlySet<string> = new Set(["EDQUOT", "ENOSPC", "EROFS"]);

/** Returns the path that an error is about: of a copy the target if that has no space, else the source. */
function pathOf(error: Error, code: string): string | undefined {
  const source = "path" in error ? error.path : undefined;
  const about = TARGET_CODES.has(code) && "dest" in error ? error.dest : source;
  return typeof about === "string" ? about : undefined;
}

/**
 * Converts an error of the operating system, or one that has it among its causes, to a ReleaseError of
 * one line: the path, the reason, and the raw code. Returns null for any other error.
 *
 * @param knownPath Path for an error that does not name one, such as that of a read.
 */
export function systemErrorOf(error: unknown, knownPath = ""): ReleaseError | null {
  for (
    let each = error, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth += 1
  ) {
    if (!("code" in each) || typeof each.code !== "string" || !("syscall" in each)) continue;
    const { code, syscall } = each;
    const path = pathOf(each, code) ?? knownPath;
    const reason = REASONS.get(code) ?? each.message.replaceAll(/\s*\n\s*/g, " ");
    const place = path === "" ? "" : `${path}: `;
    return new ReleaseError("SYSTEM_ERROR", `${place}${reason} (${code}, ${String(syscall)}).`, {
      cause: error,
    });
  }
  return null;
}
