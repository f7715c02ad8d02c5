import { extract, list } from "tar";

import { ReleaseError } from "./releaseError.js";
import { systemErrorOf } from "./systemError.js";

/** One entry of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly isFile: boolean;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content. */
  readonly size: number;
}

/** The types of entries that packages have, and the old name of plain files. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(["Directory", "File", "OldFile"]);

/** Every entry of a `.tar.gz` or `.tgz` file, in its order. */
export async function listTarball(file: string): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  await reading(file, async () =>
    list({
      file,
      strict: true,
      onReadEntry: ({ path, type, mode, size }) => {
        entries.push({
          path,
          isFile: type === "File" || type === "OldFile",
          mode: (mode ?? 0) & 0o777,
          size,
        });
      },
    }),
  );
  return entries;
}

/**
 * Unpacks a `.tar.gz` file into an empty folder. Takes folders and plain files only: a link could point out
 * of the folder, and no package has a pipe or a device.
 *
 * @throws ReleaseError `INVALID_PACKAGE` for anything else, with the first such entry. What was unpacked
 * before it stays in `folder`, which the caller removes.
 */
export async function extractTarball(file: string, folder: string, strip = 0): Promise<void> {
  const refused: string[] = [];
  await reading(file, async () =>
    extract({
      file,
      cwd: folder,
      strip,
      strict: true,
      // Must not throw: the archive is read by an event emitter, where an error ends the process.
      filter: (path, entry) => {
        const problem = "type" in entry ? problemOf(path, entry.type) : null;
        if (problem !== null) refused.push(problem);
        return refused.length === 0;
      },
    }),
  );
  const [first] = refused;
  if (first !== undefined) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${file} holds ${first}. A package has only plain files and folders below its own.`,
    );
  }
}

function problemOf(path: string, type: string): string | null {
  const name = JSON.stringify(path);
  if (!PLAIN_TYPES.has(type)) return `${name}, which is a ${type}`;
  if (/^[\\/]|^[A-Za-z]:/.test(path)) return `the absolute path ${name}`;
  if (path.split(/[\\/]/).includes("..")) return `${name}, which leads out of the folder`;
  return path.includes("\\") ? `${name}, which is several folders on Windows` : null;
}

async function reading(file: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (cause) {
    // A full disk is not a fault of the archive.
    const systemError = systemErrorOf(cause);
    if (systemError !== null) throw systemError;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError("INVALID_PACKAGE", `${file} cannot be read as a .tar.gz: ${reason}.`, {
      cause,
    });
  }
}
