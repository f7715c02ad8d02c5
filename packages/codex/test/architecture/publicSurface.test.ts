import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import * as appServer from "../../src/appServer.js";
import * as root from "../../src/index.js";
import * as testing from "../../src/testing/index.js";
import * as types from "../../src/types.js";
import { codeBlocksOf } from "../support/codeBlocks.js";
import { exportsOf, resolveSource } from "../support/publicDeclarations.js";
import { filesBelow, importsOf, repoRoot, type SourceFile } from "../support/sourceFiles.js";
import { PUBLIC_SURFACE } from "./publicSurfaceLock.js";

const ENTRIES = {
  ".": { source: "index.ts", module: root },
  "./types": { source: "types.ts", module: types },
  "./app-server": { source: "appServer.ts", module: appServer },
  "./testing": { source: "testing/index.ts", module: testing },
} as const;

const manifest: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(repoRoot, "packages/codex/package.json"), "utf8"),
);

const PUBLIC_SPECIFIERS = new Set([
  ...Object.keys(manifest.exports).map((key) => key.replace(/^\./, "@openai/codex")),
  "@openai/codex-cli-bin",
  "@openai/codex-types",
]);

/** What a text for users imports of ours that is no public entry point. */
function privateImportsOf({ path, text }: SourceFile): string[] {
  const required = [...text.matchAll(/\brequire\(\s*"([^"]+)"\s*\)/g)].map(
    ([, name]) => name ?? "",
  );
  return [...importsOf(text), ...required]
    .filter((name) => name.startsWith(".") || name.includes("codex"))
    .filter((name) => !PUBLIC_SPECIFIERS.has(name))
    .map((name) => `${path}: ${name}`);
}

describe("the public surface", () => {
  it("has the entry points of the lock, and no others", () => {
    expect(Object.keys(manifest.exports)).toEqual([
      ...Object.keys(PUBLIC_SURFACE),
      "./package.json",
    ]);
    expect(Object.keys(PUBLIC_SURFACE)).toEqual(Object.keys(ENTRIES));
  });

  for (const [entry, { source, module }] of Object.entries(ENTRIES)) {
    it(`exports exactly the names of the lock, in their order: ${entry}`, () => {
      const exported = exportsOf(source);
      const values = exported.filter(({ isType }) => !isType).map(({ name }) => name);
      const surface = {
        values,
        types: exported.filter(({ isType }) => isType).map(({ name }) => name),
      };
      expect(surface).toEqual(PUBLIC_SURFACE[entry]);
      // A module sorts its names itself.
      expect(Object.keys(module).toSorted()).toEqual(values.toSorted());
    });
  }

  it("lets nothing generated into the root", () => {
    const foreign = exportsOf("index.ts").filter(({ specifier, localName }) => {
      if (!specifier.startsWith(".")) return true;
      return /generated/.test(resolveSource("index.ts", specifier)) || localName === "default";
    });
    expect(foreign).toEqual([]);
  });
});

describe("examples, notebooks and documents", () => {
  it("import nothing of the SDK but its public entry points", () => {
    const examples = filesBelow(join(repoRoot, "examples/src"), (path) => path.endsWith(".ts"));
    const notebooks = filesBelow(join(repoRoot, "notebooks"), (path) => path.endsWith(".ipynb"));
    const isDoc = (path: string) =>
      /^(?:README\.md|docs\/.*\.md|packages\/[^/]+\/README\.md)$/.test(path);
    const blocks = filesBelow(repoRoot, isDoc)
      .flatMap(codeBlocksOf)
      .map(({ path, line, code }) => ({ path: `${path}:${line}`, text: code }));
    const cells = notebooks.map(({ path, text }) => ({ path, text: cellsOf(text) }));
    const all = [...examples, ...cells, ...blocks];

    expect([examples.length >= 20, cells.length >= 1, blocks.length >= 25]).toEqual([
      true,
      true,
      true,
    ]);
    expect(all.flatMap(privateImportsOf)).toEqual([]);
  });

  it("would be caught at an import of the inside", () => {
    const text =
      'import { x } from "@openai/codex/dist/api/codex.js";\nimport y from "../src/z.js";';
    expect(privateImportsOf({ path: "a.ts", text })).toHaveLength(2);
  });
});

function cellsOf(text: string): string {
  const { cells }: { readonly cells: readonly { readonly source: readonly string[] }[] } =
    JSON.parse(text);
  return cells.map(({ source }) => source.join("")).join("\n");
}
