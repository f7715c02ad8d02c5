import { join } from "node:path";

import { extract, list } from "tar";

import { isRecord } from "./json.js";
import { ReleaseError } from "./releaseError.js";
import { npmCommand, runOrThrow } from "./runCommand.js";

/** One entry of a tar archive. */
export interface TarEntry {
  readonly path: string;
  readonly isFile: boolean;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content. */
  readonly size: number;
}

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
 * Unpacks a `.tar.gz` file. Only folders and regular files are taken: packages hold nothing else, and a
 * link could point out of the folder.
 */
export async function extractTarball(file: string, folder: string, strip = 0): Promise<void> {
  await reading(file, async () =>
    extract({
      file,
      cwd: folder,
      strip,
      strict: true,
      filter: (path, entry) => {
        if (!("type" in entry) || ["Directory", "File", "OldFile"].includes(entry.type))
          return true;
        throw new ReleaseError(
          "INVALID_PACKAGE",
          `${file} holds ${path}, which is a ${entry.type}.`,
        );
      },
    }),
  );
}

/** Packs folders with one `npm pack`; returns the tarballs' paths in `destination`, in the same order. */
export async function packFolders(
  folders: readonly string[],
  destination: string,
): Promise<readonly string[]> {
  const args = [
    "pack",
    ...folders,
    "--json",
    "--ignore-scripts",
    "--pack-destination",
    destination,
  ];
  const output: unknown = JSON.parse(await runOrThrow([...npmCommand(), ...args]));
  const packed = Array.isArray(output) ? output.filter(isRecord) : [];
  if (packed.length !== folders.length) {
    throw new ReleaseError(
      "COMMAND_FAILED",
      `npm pack made ${packed.length} tarballs of ${folders.length} folders.`,
    );
  }
  return packed.map(({ filename }) => join(destination, String(filename)));
}

async function reading(file: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError("INVALID_PACKAGE", `${file} cannot be read as a .tar.gz: ${reason}.`, {
      cause,
    });
  }
}
