import { InvalidOptionError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { toLocalPath } from "../../internal/paths.js";
import { checkPath, describeValue } from "../../internal/validate.js";
import { checkImageBytes } from "./checkImage.js";

/** Meaning and remedy of the system errors that a path leads to. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist: a part of the path is not a directory",
  ENAMETOOLONG: "is too long for a path",
  EACCES: "cannot be read; give this process permission to read it and its directories",
  EPERM: "cannot be read; give this process permission to read it and its directories",
  ELOOP: "cannot be opened: its symbolic links form a loop",
};

/** Longer than the longest path of any system, so that nothing has to be looked up. */
const MAX_PATH_CHARACTERS = 32_767;
const LIKE_BASE64 = /^[A-Za-z0-9+/]{64}/;

/**
 * Returns the absolute path of an image file of this machine, after a check of its content.
 *
 * @throws InvalidOptionError
 */
export function checkImageFile(name: string, path: string): string {
  const absolute = checkFile(name, path, "image");
  let file: number | undefined;
  try {
    file = fs.openSync(absolute, "r");
    checkImageBytes(name, fileReader(file), undefined);
  } catch (error) {
    throw toPathError(name, { given: path, absolute }, "image", error);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
  return absolute;
}

/**
 * Returns the absolute path of an existing file of this machine.
 *
 * @throws InvalidOptionError
 */
export function checkFile(name: string, path: string, what: string): string {
  checkPath(name, path);
  if (path.length > MAX_PATH_CHARACTERS) {
    throw new InvalidOptionError(
      name,
      `${describeValue(path)} is too long for a path (${path.length} characters)${hintFor(path)}.`,
    );
  }
  // The runtime does not resolve a relative path against the directory of the thread.
  const absolute = toLocalPath(name, path);
  try {
    if (fs.statSync(absolute).isFile()) return absolute;
  } catch (error) {
    throw toPathError(name, { given: path, absolute }, what, error);
  }
  throw new InvalidOptionError(
    name,
    `the ${what} ${describeValue(absolute)} is not a file; pass the path of a file.`,
  );
}

function fileReader(file: number) {
  return {
    size: fs.fstatSync(file).size,
    read: (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, fs.readSync(file, bytes, 0, length, offset));
    },
  };
}

interface FailedPath {
  /** The path as the caller wrote it. */
  readonly given: string;
  /** The path that was opened. */
  readonly absolute: string;
}

function toPathError(name: string, path: FailedPath, what: string, error: unknown): unknown {
  if (error instanceof InvalidOptionError || !(error instanceof Error)) return error;
  // SAFETY: every member of a system error is optional, and only compared or shown.
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  const problem = `the ${what} ${describeValue(path.absolute)} ${CAUSES[code] ?? `cannot be read: ${error.message}`}${hintFor(path.given)}`;
  return new InvalidOptionError(name, `${problem} (${code}).`, { cause: error });
}

/** Names the right call for texts that are often passed where a path is expected. */
function hintFor(path: string): string {
  if (/^data:/i.test(path)) return "; pass a data: URL with imageInput()";
  if (/^file:/i.test(path)) return "; convert a file: URL with fileURLToPath()";
  return LIKE_BASE64.test(path)
    ? "; pass base64 text with imageInput(), as a URL: data:image/png;base64,…"
    : "";
}
