import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The folders of the checkout whose files people write. */
const FOLDERS = ["packages", "tools", "examples", "docs", "notebooks"];

/** Folders that a tool writes, and files that record the past. */
const WRITTEN_BY_TOOLS = new Set(["node_modules", "dist", "generated", "transcripts", ".turbo"]);
const SEARCHED = /(?<!CHANGELOG)\.(?:[cm]?[jt]sx?|md|ipynb)$/;

/** The text files of a checkout by their path, for {@link mentionsOf}. */
export async function readOwnFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !WRITTEN_BY_TOOLS.has(entry.name)) await visit(path);
      else if (entry.isFile() && SEARCHED.test(entry.name)) {
        files.set(path, await readFile(join(root, path), "utf8"));
      }
    }
  };
  for (const folder of FOLDERS) if (existsSync(join(root, folder))) await visit(folder);
  return files;
}

/** The paths of the files that have `name` as a whole word. */
export function mentionsOf(files: ReadonlyMap<string, string>, name: string): readonly string[] {
  const word = new RegExp(`(?<![\\w/])${name.replaceAll(/[^\w/]/g, "\\$&")}(?![\\w/])`);
  return [...files].flatMap(([path, text]) => (word.test(text) ? [path] : [])).toSorted();
}
