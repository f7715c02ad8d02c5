import { isAbsolute, posix, resolve, win32 } from "node:path";

import { InvalidOptionError } from "../errors/codexError.js";
import { checkPath, describeValue } from "./validate.js";

/**
 * Returns the absolute path of a path on this machine. `base` is the folder from which a relative one
 * counts; by default the working directory of this process, which may have been removed.
 *
 * @throws InvalidOptionError
 */
export function toLocalPath(name: string, path: unknown, base?: string): string {
  checkPath(name, path);
  if (isAbsolute(path)) return resolve(path);
  try {
    return base === undefined ? resolve(path) : resolve(base, path);
  } catch (error) {
    throw new InvalidOptionError(
      name,
      `${describeValue(path)} is a relative path, and the working directory of this process no longer exists; pass an absolute path (${errnoOf(error)}).`,
      { cause: error },
    );
  }
}

/**
 * Checks a path on the machine of a runtime that may not be this one: only its form.
 *
 * @throws InvalidOptionError for a relative path, which counts from a folder that only the runtime knows.
 */
export function checkRemotePath(name: string, path: unknown): string {
  checkPath(name, path);
  if (posix.isAbsolute(path) || win32.isAbsolute(path)) return path;
  throw new InvalidOptionError(
    name,
    `${describeValue(path)} is a relative path, and the runtime may run on another machine; pass an absolute path of that machine.`,
  );
}

/** Returns the errno of a system error, or the text of another value that was thrown. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
