import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { readJsonObject, writeJson } from "../../src/json.js";
import { parsePlatforms, targets } from "../../src/platforms.js";
import { STAGING_MARKER } from "../../src/replaceFolder.js";
import { LANE } from "../../src/repository.js";
import { stagePackage } from "../../src/stage/stagePackage.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { FIXTURE_VERSION, fixtureRepository, fixtureTools } from "../support/fixtureRepository.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const [cliBin, types, sdk] = LANE;
const version = parseCodexVersion(FIXTURE_VERSION);

async function workshop() {
  const folder = await temporaryFolder();
  const repository = await fixtureRepository(join(folder.path, "checkout"));
  const out = join(folder.path, "staged");
  return { path: folder.path, repository, out, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

const published = {
  version: FIXTURE_VERSION,
  description: "A package of the fixture.",
  license: "Apache-2.0",
  repository: { type: "git", url: "git+https://github.com/openai/codex.git" },
  type: "module",
  engines: { node: ">=20.19.0" },
  sideEffects: false,
  files: ["dist"],
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./package.json": "./package.json",
  },
  publishConfig: { access: "public" },
};

const allPlatforms = Object.fromEntries(
  targets.map(({ packageName }) => [packageName, FIXTURE_VERSION]),
);

test("stages the SDK with exact pins, one optional dependency for each platform and no development fields", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  await stagePackage({ repository, out, version, lanePackage: sdk, tools: fixtureTools() });
  expect(readJsonObject(join(out, "package.json"))).toEqual({
    name: "@openai/codex",
    ...published,
    dependencies: {
      "@openai/codex-cli-bin": FIXTURE_VERSION,
      "@openai/codex-types": FIXTURE_VERSION,
    },
    optionalDependencies: allPlatforms,
  });
  expect((await readdir(out)).toSorted()).toEqual([
    STAGING_MARKER,
    "LICENSE",
    "README.md",
    "dist",
    "package.json",
  ]);
});

test("stages the runtime lookup with one optional dependency for each platform", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  const common = { repository, out, version, lanePackage: cliBin, tools: fixtureTools() };
  await stagePackage(common);
  expect(readJsonObject(join(out, "package.json"))).toEqual({
    name: "@openai/codex-cli-bin",
    ...published,
    optionalDependencies: allPlatforms,
  });
  await stagePackage({ ...common, platforms: parsePlatforms("win32-x64") });
  expect(readJsonObject(join(out, "package.json"))).toMatchObject({
    optionalDependencies: { "@openai/codex-win32-x64": FIXTURE_VERSION },
  });
});

test("leaves out maps, and the references to them", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  await stagePackage({ repository, out, version, lanePackage: cliBin, tools: fixtureTools() });
  expect((await readdir(join(out, "dist"))).toSorted()).toEqual(["index.d.ts", "index.js"]);
  expect(await readFile(join(out, "dist", "index.js"), "utf8")).toBe(
    "export const PACKAGE_NAME = 1;\n",
  );
});

test("puts another version into the manifest and the pins", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  const other = parseCodexVersion("2.0.0-alpha.1");
  await stagePackage({ repository, out, version: other, lanePackage: sdk, tools: fixtureTools() });
  expect(readJsonObject(join(out, "package.json"))).toMatchObject({
    version: "2.0.0-alpha.1",
    dependencies: {
      "@openai/codex-cli-bin": "2.0.0-alpha.1",
      "@openai/codex-types": "2.0.0-alpha.1",
    },
  });
});

test("generates the types before the SDK is built, and for the SDK alone", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  const calls: string[] = [];
  const tools = fixtureTools(calls);
  for (const lanePackage of LANE)
    await stagePackage({ repository, out, version, lanePackage, tools });
  await stagePackage({ repository, out, version, lanePackage: sdk, builds: false, tools });
  expect(calls).toEqual([
    "build @openai/codex-cli-bin",
    "build @openai/codex-types",
    `generate ${FIXTURE_VERSION}`,
    "build @openai/codex",
    `generate ${FIXTURE_VERSION}`,
  ]);
});

test("stages no SDK whose checked-in types are not those of the runtime", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  const stage = stagePackage({
    repository,
    out,
    version,
    lanePackage: sdk,
    tools: fixtureTools([], {
      "Thread.ts": "export type Thread = { id: number };\n",
      "Turn.ts": "export type Turn = null;\n",
      "manifest.json": { runtimeVersion: FIXTURE_VERSION },
    }),
  });
  await expect(stage).rejects.toMatchObject({
    code: "TYPES_DRIFTED",
    message: `packages/codex-types/src/generated is not what the runtime ${FIXTURE_VERSION} generates: Thread.ts, Turn.ts. Run \`pnpm generate\`, look at the difference, and commit it.`,
  });
  expect(existsSync(out)).toBe(false);
});

test("refuses a dependency that is not an exact version", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  const file = join(repository.root, types.folder, "package.json");
  for (const range of ["^1.0.0", "workspace:*", "npm:other@1.0.0", "latest", "1.x"]) {
    await writeJson(file, { ...readJsonObject(file), dependencies: { other: range } });
    await expect(
      stagePackage({ repository, out, version, lanePackage: types, tools: fixtureTools() }),
    ).rejects.toThrow(`@openai/codex-types depends on other as "${range}"`);
  }
  expect((await readdir(shop.path)).toSorted()).toEqual(["checkout"]);
});

test("advises to build when the package is not built", async () => {
  await using shop = await workshop();
  const { repository, out } = shop;
  await rm(join(repository.root, types.folder, "dist"), { recursive: true });
  await expect(
    stagePackage({ repository, out, version, lanePackage: types, tools: fixtureTools() }),
  ).rejects.toMatchObject({ code: "NOT_BUILT" });
});
