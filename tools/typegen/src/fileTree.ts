import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** Text files by their path below a root, with `/` between the parts on every platform. */
export type FileTree = ReadonlyMap<string, string>;

/** Reads every file below `directory`, in the order of their paths. */
export async function readTree(directory: string): Promise<FileTree> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"));
  const tree = new Map<string, string>();
  for (const path of paths.toSorted(comparePaths)) {
    tree.set(path, await readFile(join(directory, path), "utf8"));
  }
  return tree;
}

/** Makes `directory` hold exactly the files of `tree`: what else is in it is removed. */
export async function writeTree(directory: string, tree: FileTree): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  for (const [path, text] of tree) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** The SHA-256 (hex) over the paths and contents of a tree, independent of insertion order. */
export function hashTree(tree: FileTree): string {
  const hash = createHash("sha256");
  for (const path of [...tree.keys()].toSorted(comparePaths)) {
    // Both parts are length-prefixed, so that no two trees can give the same stream of bytes.
    const text = tree.get(path) ?? "";
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:`).update(text);
  }
  return hash.digest("hex");
}

/** Orders by code unit: the same on every machine, whatever its locale. */
export function comparePaths(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
