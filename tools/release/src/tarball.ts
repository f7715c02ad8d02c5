import { createReadStream } from "node:fs";

import { extract, list, type Parser } from "tar";

import { PackagePaths } from "./packagePaths.js";
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

/** Most bytes of content and most entries of an archive. The largest package has 0.6 GB in 60 files. */
const MOST_BYTES = 3_000_000_000;
const MOST_ENTRIES = 50_000;

/** Types of the entries that packages have, and the old name of plain files. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(["Directory", "File", "OldFile"]);

/** Lists every entry of a `.tar.gz` or `.tgz` file, in its order. */
export async function listTarball(file: string): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  await readTarball(
    file,
    list({
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
 * Unpacks a `.tar.gz` file into an empty folder. Accepts folders and plain files only: a link could point
 * out of the folder, and no package has a pipe or a device. Modes of the archive are not kept: they could
 * make a file unreadable, or run it as another user.
 *
 * @throws ReleaseError `INVALID_PACKAGE` for anything else, with the first such entry. What was unpacked
 * before it stays in `folder`, which the caller removes.
 */
export async function extractTarball(file: string, folder: string, strip = 0): Promise<void> {
  const paths = new PackagePaths();
  const refused: string[] = [];
  const unpack = extract({
    cwd: folder,
    strip,
    strict: true,
    // Must not throw: the archive is read by an event emitter, where an error ends the process.
    filter: (path, entry) => {
      if (!("type" in entry)) return false;
      entry.mode = entry.type === "Directory" ? 0o755 : 0o644;
      const problem = PLAIN_TYPES.has(entry.type)
        ? paths.add(path, entry.type !== "Directory")
        : otherType(path, entry.type);
      if (problem !== null) {
        refused.push(problem);
        // The rest may be of any length.
        unpack.abort(new Error("refused"));
      }
      return problem === null;
    },
  });
  // tar leaves out the types that it does not know (sparse files, dumps) without asking the filter.
  unpack.on("ignoredEntry", ({ path, type }: { readonly path: string; readonly type: string }) => {
    refused.push(otherType(path, type));
  });
  const failure = await readTarball(file, unpack).catch((error: unknown) => error);
  const [first] = refused;
  if (first !== undefined) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${file} contains ${first}. A package has only plain files and folders below its own.`,
    );
  }
  if (failure !== undefined) throw failure;
}

function otherType(path: string, type: string): string {
  return `${JSON.stringify(path)}, an entry of the type ${type}`;
}

/**
 * Reads a `.tar.gz` file to its end into a parser.
 *
 * @throws ReleaseError `INVALID_PACKAGE` if it is damaged or larger than any package, `SYSTEM_ERROR`.
 */
export async function readTarball(file: string, parser: Parser): Promise<void> {
  const input = createReadStream(file);
  let [bytes, entries] = [0, 0];
  const count = ({ size }: { readonly size: number }): void => {
    bytes += size;
    entries += 1;
    if (bytes <= MOST_BYTES && entries <= MOST_ENTRIES) return;
    const problem = `its content has more than ${MOST_BYTES / 1e9} GB or ${MOST_ENTRIES} entries`;
    parser.abort(new Error(problem));
  };
  parser.on("entry", count);
  parser.on("ignoredEntry", count);
  // Files that are being written may fail as well, once the first error has ended the archive.
  parser.on("error", () => {});
  try {
    await new Promise<void>((resolve, reject) => {
      input.once("error", reject);
      parser.once("error", reject);
      parser.once("close", resolve);
      input.pipe(parser);
    });
  } catch (cause) {
    // A full disk is not a fault of the archive.
    const systemError = systemErrorOf(cause);
    if (systemError !== null) throw systemError;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError("INVALID_PACKAGE", `${file} cannot be read as a .tar.gz: ${reason}.`, {
      cause,
    });
  } finally {
    input.destroy();
  }
}
