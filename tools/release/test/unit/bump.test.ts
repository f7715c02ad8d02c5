import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { bumpLane, type BumpTools } from "../../src/bump/bumpLane.js";
import { runtimeAliases } from "../../src/bump/moveManifests.js";
import { readJsonObject } from "../../src/json.js";
import { openRepository, type Repository } from "../../src/repository.js";
import { GENERATED_FOLDER } from "../../src/stage/checkTypes.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { fixtureRepository, writeFiles } from "../support/fixtureRepository.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const version = parseCodexVersion("1.3.0-alpha.2");

function methodMaps(methods: readonly string[]): string {
  const entries = methods.map(
    (method) => `  "${method}": { params: null; result: null; stability: "stable" };\n`,
  );
  return `export interface ClientRequestMap {\n${entries.join("")}}\n`;
}

/** Tools that bring a runtime with other methods and fields. */
function otherRuntime(calls: string[] = []): BumpTools {
  return {
    install: async ({ root }) => {
      calls.push("install");
      await writeFiles(root, { "pnpm-lock.yaml": "new\n" });
    },
    generate: async ({ root }) => {
      calls.push("generate");
      await writeFiles(root, {
        [`${GENERATED_FOLDER}/Thread.ts`]:
          "export type Thread = { id: string, name: string | null };\n",
        [`${GENERATED_FOLDER}/methodMaps.ts`]: methodMaps(["thread/start", "thread/fork"]),
        [`${GENERATED_FOLDER}/manifest.json`]: { runtimeVersion: version.npm },
      });
    },
  };
}

async function checkout(root: string): Promise<Repository> {
  await fixtureRepository(root);
  await writeFiles(root, {
    "pnpm-lock.yaml": "old\n",
    [`${GENERATED_FOLDER}/methodMaps.ts`]: methodMaps(["thread/start", "thread/drop"]),
    "packages/codex/CHANGELOG.md": "# @openai/codex\n\n## 1.2.3\n\n### Patch Changes\n\n- First.\n",
    ".changeset/brave-fix.md": '---\n"@openai/codex": patch\n---\n\nClosing twice is a no-op.\n',
    "tools/other/package.json": {
      name: "@codex-tools/other",
      version: "0.0.0",
      private: true,
      dependencies: { "@openai/codex": "workspace:*" },
    },
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n  - tools/*\n",
    "package.json": {
      ...readJsonObject(join(root, "package.json")),
      workspaces: ["packages/*", "tools/*"],
    },
  });
  return openRepository(root);
}

async function snapshot(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(root.length + 1), await readFile(path, "utf8")] as const;
    });
  return Object.fromEntries((await Promise.all(files)).toSorted());
}

test("moves manifests, aliases, lock file, types and changelogs in one go", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const calls: string[] = [];
  const report = await bumpLane({ repository, version, tools: otherRuntime(calls) });
  expect(calls).toEqual(["install", "generate"]);
  expect(report).toEqual({
    from: "1.2.3",
    to: "1.3.0-alpha.2",
    notes: [
      "What changed in the protocol from 1.2.3 to 1.3.0-alpha.2:",
      "**Client requests**\n\n- added `thread/fork`\n- removed `thread/drop`",
      "**Fields**\n\n- `Thread`: added `name`",
    ].join("\n\n"),
  });
  const { root } = repository;
  expect(openRepository(root).version).toEqual(version);
  expect(readJsonObject(join(root, "package.json"))["optionalDependencies"]).toEqual(
    runtimeAliases(version),
  );
  expect(readJsonObject(join(root, "packages/codex/package.json"))["dependencies"]).toEqual({
    "@openai/codex-cli-bin": "workspace:*",
    "@openai/codex-types": "workspace:*",
  });
  expect(await readdir(join(root, ".changeset"))).toEqual(["config.json"]);
  const read = async (name: string): Promise<string> =>
    readFile(join(root, `packages/${name}/CHANGELOG.md`), "utf8");
  const moves = "Moves to the Codex runtime 1.3.0-alpha.2.";
  expect(await read("codex")).toMatch(
    /^# @openai\/codex\n\n## 1\.3\.0-alpha\.2\n[\s\S]*Moves to the Codex runtime 1\.3\.0-alpha\.2\.[\s\S]*Closing twice is a no-op\.[\s\S]*## 1\.2\.3/,
  );
  expect(await read("codex-cli-bin")).toContain(moves);
  expect(await read("codex-types")).toContain(moves);
  expect(await read("codex-types")).toContain("  - removed `thread/drop`\n");
  // A private package that depends on the lane is not released with it.
  expect(readJsonObject(join(root, "tools/other/package.json"))["version"]).toBe("0.0.0");
  expect(existsSync(join(root, "tools/other/CHANGELOG.md"))).toBe(false);
});

test.each(["install", "generate"] as const)("changes nothing if %s fails", async (step) => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const tools = {
    ...otherRuntime(),
    [step]: async ({ root }: Repository) => {
      await writeFiles(root, { "pnpm-lock.yaml": "half\n", [`${GENERATED_FOLDER}/Half.ts`]: "" });
      throw new Error("no network");
    },
  };
  await expect(bumpLane({ repository, version, tools })).rejects.toThrow("no network");
  expect(await snapshot(folder.path)).toEqual(before);
});

test.each(["1.2.3", "1.2.3-rc.1", "1.2.2"])(
  "refuses to move to %s, which is not above",
  async (lower) => {
    await using folder = await temporaryFolder();
    const repository = await checkout(folder.path);
    const calls: string[] = [];
    await expect(
      bumpLane({ repository, version: parseCodexVersion(lower), tools: otherRuntime(calls) }),
    ).rejects.toMatchObject({
      code: "BUMP_FAILED",
      message: expect.stringContaining("The lane is at 1.2.3"),
    });
    expect(calls).toEqual([]);
  },
);
