import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, it } from "vitest";

import { codeBlocksOf } from "../support/codeBlocks.js";
import { exportsOf, resolveSource } from "../support/publicDeclarations.js";
import {
  filesBelow,
  importsOf,
  repoRoot,
  sdkSources,
  type SourceFile,
} from "../support/sourceFiles.js";
import { entrySources, surfaceLines } from "./surfaceLines.js";

const ENTRIES = entrySources();

const manifest: { readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(repoRoot, "packages/codex/package.json"), "utf8"),
);

const PUBLIC_SPECIFIERS = new Set([
  ...Object.keys(manifest.exports).map((key) => key.replace(/^\./, "@openai/codex")),
  "@openai/codex-cli-bin",
  "@openai/codex-types",
]);

/** Lists the imports of a text for users that are not public entry points of ours. */
function privateImportsOf({ path, text }: SourceFile): string[] {
  const required = [...text.matchAll(/\brequire\(\s*"([^"]+)"\s*\)/g)].map(
    ([, name]) => name ?? "",
  );
  return [...importsOf(text), ...required]
    .filter((name) => name.startsWith(".") || name.includes("codex"))
    .filter((name) => !PUBLIC_SPECIFIERS.has(name) && !name.endsWith(".json"))
    .map((name) => `${path}: ${name}`);
}

describe("the public surface", () => {
  it("has the entry points, names and members of the lock: pnpm lock:surface writes it anew", async () => {
    const sections = [...ENTRIES].map(([entry, source]) =>
      [
        entry.replace(/^\./, "@openai/codex"),
        ...surfaceLines(source).map((line) => `  ${line}`),
      ].join("\n"),
    );
    await expect(`${sections.join("\n\n")}\n`).toMatchFileSnapshot("publicSurface.txt");
  });

  it.each([...ENTRIES])(
    "has at run time the values of the lock, and no others: %s",
    async (_entry, source) => {
      const module: object = await import(pathToFileURL(join(sdkSources, source)).href);
      const values = exportsOf(source).flatMap(({ name, isType }) => (isType ? [] : [name]));
      expect(Object.keys(module).toSorted()).toEqual(values.toSorted());
    },
  );

  it("exports nothing that is generated from the root", () => {
    const foreign = exportsOf("index.ts").filter(({ specifier, localName }) => {
      if (!specifier.startsWith(".")) return true;
      return /generated/.test(resolveSource("index.ts", specifier)) || localName === "default";
    });
    expect(foreign).toEqual([]);
  });
});

describe("examples, notebooks and documents", () => {
  it("import only public entry points of the SDK", () => {
    const examples = filesBelow(join(repoRoot, "examples/src"), (path) => path.endsWith(".ts"));
    const notebooks = filesBelow(join(repoRoot, "notebooks"), (path) => path.endsWith(".ipynb"));
    const isDoc = (path: string) =>
      /^(?:README\.md|docs\/.*\.md|packages\/[^/]+\/README\.md)$/.test(path);
    const blocks = filesBelow(repoRoot, isDoc)
      .flatMap(codeBlocksOf)
      .filter(({ language }) => /^[tj]s$/.test(language))
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

  it("are reported when they import an internal module", () => {
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
