import { join } from "node:path";

import { list } from "tar";

import { parseJsonObject } from "../json.js";
import { PackagePaths } from "../packagePaths.js";
import { ReleaseError } from "../releaseError.js";
import type { StagedPackage } from "../releaseManifest.js";
import { readTarball } from "../tarball.js";

/** Text files of this size and below are read whole, larger files only at their beginning. */
const WHOLE_BYTES = 1024 * 1024;
const HEAD_BYTES = 4096;

/** A file as it is in a tarball. */
export interface PackedFile {
  /** Below the package's root, with forward slashes. */
  readonly path: string;
  /** Permission bits, with those for set user and set group. */
  readonly mode: number;
  readonly size: number;
  /** The whole content if the file is small, else its beginning. */
  readonly content: Buffer;
}

/** Content of a tarball. */
export interface PackedPackage {
  readonly staged: StagedPackage;
  readonly files: ReadonlyMap<string, PackedFile>;
  readonly manifest: Record<string, unknown>;
  /** Descriptions of entries that a package cannot have: links, devices, absolute paths, two of one path. */
  readonly strangers: readonly string[];
}

/** Reads the tarball of a staged package in one pass. */
export async function readPackedPackage(
  release: string,
  staged: StagedPackage,
): Promise<PackedPackage> {
  const files = new Map<string, PackedFile>();
  const strangers: string[] = [];
  const paths = new PackagePaths();
  const parser = list({
    strict: true,
    onReadEntry: (entry) => {
      const path = /^package\/(.+)$/.exec(entry.path)?.[1];
      if (path === undefined || entry.type !== "File") {
        strangers.push(`${entry.path}, which is not a plain file of the package`);
        return;
      }
      const problem = paths.add(path, true);
      if (problem !== null) strangers.push(problem);
      const wanted = entry.size <= WHOLE_BYTES ? entry.size : HEAD_BYTES;
      const chunks: Buffer[] = [];
      let length = 0;
      entry.on("data", (chunk: Buffer) => {
        if (length < wanted) chunks.push(chunk);
        length += chunk.length;
      });
      entry.on("end", () => {
        const content = Buffer.concat(chunks).subarray(0, wanted);
        files.set(path, { path, mode: (entry.mode ?? 0) & 0o7777, size: entry.size, content });
      });
    },
  });
  parser.on("ignoredEntry", ({ path, type }: { readonly path: string; readonly type: string }) => {
    strangers.push(`${path}, an entry of the type ${type}`);
  });
  await readTarball(join(release, staged.tarball), parser);
  const manifest = files.get("package.json");
  if (manifest === undefined) {
    throw new ReleaseError("VERIFY_FAILED", `The tarball of ${staged.name} has no package.json.`);
  }
  return {
    staged,
    files,
    manifest: parseJsonObject(manifest.content.toString("utf8"), `The manifest of ${staged.name}`),
    strangers,
  };
}
