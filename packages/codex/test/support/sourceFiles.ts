import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const repoRoot = fileURLToPath(new URL("../../../../", import.meta.url));

/** The sources of the SDK. */
export const sdkSources = fileURLToPath(new URL("../../src/", import.meta.url));

const LEFT_OUT = new Set([
  "node_modules",
  "dist",
  "generated",
  ".git",
  ".turbo",
  "reports",
  "site",
]);

export interface SourceFile {
  /** Relative to the folder that was asked for, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The files below a folder whose names `isWanted` takes, generated and built ones left out. */
export function filesBelow(folder: string, isWanted: (path: string) => boolean): SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue;
      const full = join(directory, entry.name);
      const path = relative(folder, full).split(sep).join("/");
      if (entry.isDirectory()) visit(full);
      else if (isWanted(path)) found.push({ path, text: readFileSync(full, "utf8") });
    }
  };
  visit(folder);
  return found.toSorted((a, b) => a.path.localeCompare(b.path));
}

/** The module specifiers that a source imports or re-exports. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(/\bfrom\s+"([^"]+)"|(?<![\w/"])import\s*\(?\s*"([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}
