import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { codexPath } from "@openai/codex-cli-bin";
import { expect, onTestFinished, test } from "vitest";

import { readTree } from "../src/fileTree.js";
import { generateTypes, HEADER } from "../src/generateTypes.js";
import { generatedDir, pinnedVersion } from "./support/protocol.js";

test("the committed types are, byte for byte, what the pinned runtime gives", async () => {
  const outDir = await mkdtemp(join(tmpdir(), "codex-typegen-freshness-"));
  onTestFinished(() => rm(outDir, { recursive: true, force: true }));
  const manifest = await generateTypes({
    codexPath: codexPath(),
    outDir,
    expectedVersion: await pinnedVersion(),
  });

  const fresh = await readTree(outDir);
  const committed = await readTree(fileURLToPath(generatedDir));
  expect([...committed.keys()]).toEqual([...fresh.keys()]);
  const stale = [...fresh].filter(([path, text]) => committed.get(path) !== text);
  expect(
    stale.map(([path]) => path),
    "run `pnpm generate`",
  ).toEqual([]);
  expect(manifest.runtimeVersion).toBe(await pinnedVersion());
});

test("every committed file but the manifest starts with the header of generated files", async () => {
  const unmarked = [...(await readTree(fileURLToPath(generatedDir)))].filter(
    ([path, text]) => path !== "manifest.json" && !text.startsWith(HEADER),
  );
  expect(unmarked.map(([path]) => path)).toEqual([]);
});

test("the result type of every request is known, and the table of response types has no unused entry", async () => {
  const manifest: unknown = JSON.parse(
    await readFile(new URL("manifest.json", generatedDir), "utf8"),
  );
  expect(
    manifest,
    "edit RESPONSES_BY_HAND in tools/typegen/src/responses.ts, then run `pnpm generate`",
  ).toMatchObject({ unmappedResults: [], staleResponses: [] });
});
