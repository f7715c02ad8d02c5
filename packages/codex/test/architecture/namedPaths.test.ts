import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

// A file with its ending, or what is below a folder of the repository; a test may be named without its ending.
const PATH = /`((?:[\w-]+\/)+[\w-]+\.\w+|(?:docs|packages|src|test|tools)\/[\w./-]+)`/g;

it.each(["CONTRIBUTING.md", "docs/architecture.md"])("%s names only paths that exist", (page) => {
  const paths = [...readFileSync(join(root, page), "utf8").matchAll(PATH)].map(
    ([, path = ""]) => path,
  );
  const folders = ["", "packages/codex", "packages/codex/src"].map((folder) => join(root, folder));
  const exists = (path: string) =>
    folders.some((folder) =>
      ["", ".test.ts"].some((ending) => existsSync(join(folder, path + ending))),
    );

  expect(paths).not.toEqual([]);
  expect(paths.filter((path) => !exists(path))).toEqual([]);
});
