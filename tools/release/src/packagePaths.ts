/** Characters that Windows does not allow in names. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_CHARACTER = /[\u0000-\u001f<>:"|?*]/;
/** Names of devices, which Windows does not allow for files, with or without an extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** A name that ends in a dot or space, which Windows removes. `.` is the folder itself. */
const LAST_CHARACTER = /^(?!\.$).*[. ]$/;
/** Folder in which archives keep the pieces of sparse files. */
const SPARSE = "GNUSparseFile.";

/** A file or folder on the way to the path `owner`, which came first. */
interface Place {
  readonly prefix: string;
  readonly isFile: boolean;
  readonly owner: string;
}

/**
 * Paths of one package, with forward slashes. A package is unpacked on every system: each path must be
 * one that Windows can have, and no two may be the same on a file system that ignores letter case.
 */
export class PackagePaths {
  readonly #seen = new Map<string, Place>();

  /**
   * Adds a file or folder. Returns the reason why the package cannot contain it, as the end of a sentence
   * that begins with "contains", or null.
   */
  add(path: string, isFile: boolean): string | null {
    const problem = problemOf(path);
    if (problem !== null) return problem;
    const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    for (const [index] of segments.entries()) {
      const isLast = index === segments.length - 1;
      const prefix = segments.slice(0, index + 1).join("/");
      const other = this.#collision({ prefix, isFile: isLast && isFile, owner: path });
      if (other !== null) {
        return `${JSON.stringify(path)} beside ${JSON.stringify(other)}; they are one place on macOS and Windows, or everywhere`;
      }
    }
    return null;
  }

  /** Adds a file or folder. Returns the earlier path at its place, unless both are the same folder. */
  #collision(place: Place): string | null {
    const key = place.prefix.normalize("NFC").toLowerCase();
    const known = this.#seen.get(key);
    if (known === undefined) {
      this.#seen.set(key, place);
      return null;
    }
    const isSameFolder = known.prefix === place.prefix && !known.isFile && !place.isFile;
    return isSameFolder ? null : known.owner;
  }
}

function problemOf(path: string): string | null {
  const name = JSON.stringify(path);
  if (/^[\\/]|^[A-Za-z]:/.test(path)) return `the absolute path ${name}`;
  if (path.split(/[\\/]/).includes("..")) return `${name}, which leads out of the folder`;
  if (path.includes("\\")) return `${name}, which is several folders on Windows`;
  for (const segment of path.split("/")) {
    if (FORBIDDEN_CHARACTER.test(segment) || DEVICE.test(segment) || LAST_CHARACTER.test(segment)) {
      return `${name}, a name that Windows does not allow`;
    }
    if (segment.startsWith(SPARSE)) return `${name}, a piece of a sparse file`;
  }
  return null;
}
