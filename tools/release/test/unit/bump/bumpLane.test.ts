import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, expect, test, vi } from "vitest";

import { BUMPED_PATHS } from "../../../src/bump/bumpLane.js";
import type { BumpTools } from "../../../src/bump/bumpTools.js";
import { PREVIOUS_PIN_FILE, runtimeAliases } from "../../../src/bump/moveManifests.js";
import { readJsonObject } from "../../../src/json.js";
import { openRepository } from "../../../src/repository.js";
import { GENERATED_FOLDER } from "../../../src/stage/checkTypes.js";
import { parseCodexVersion } from "../../../src/version/codexVersion.js";
import { bump, checkout, snapshot } from "../../support/bumpCheckout.js";
import { lockFileOf, OTHER_RUNTIME, OTHER_VERSION, toolsOf } from "../../support/otherRuntime.js";
import { temporaryFolder } from "../../support/temporaryFolder.js";

const version = OTHER_VERSION;

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a bump moves manifests, aliases, lock file, types, changelogs and transcripts in one go", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const calls: string[] = [];
  await bump(repository, { tools: toolsOf(OTHER_RUNTIME, calls) });
  expect(calls).toEqual(["draftTypes", "publishedVersions", "install", "record"]);
  const { root } = repository;
  expect(openRepository(root).version).toEqual(version);
  expect(readJsonObject(join(root, "package.json"))["optionalDependencies"]).toEqual(
    runtimeAliases(version),
  );
  expect(readJsonObject(join(root, "packages/codex/package.json"))["dependencies"]).toEqual({
    "@openai/codex-cli-bin": "workspace:*",
    "@openai/codex-types": "workspace:*",
  });
  const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  expect(await read("packages/codex/test/transcripts/turn.jsonl")).toBe("new\n");
  expect(await read(PREVIOUS_PIN_FILE)).toContain('PREVIOUS_PIN = "1.2.3"');
  expect(await read(`${GENERATED_FOLDER}/Thread.ts`)).toBe(OTHER_RUNTIME.generated["Thread.ts"]);
  expect(await readdir(join(root, ".changeset"))).toEqual(["config.json"]);
  expect(existsSync(join(root, ".bump"))).toBe(false);
});

test("every file and folder that a bump writes is in this checkout", () => {
  const { root } = openRepository(import.meta.dirname);
  expect(BUMPED_PATHS.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the changelogs have the notes and the protocol's changes, and no line on updated dependencies", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  await bump(repository);
  const read = (name: string): Promise<string> =>
    readFile(join(repository.root, `packages/${name}/CHANGELOG.md`), "utf8");
  const moves = "- Moves to the Codex runtime 1.3.0-alpha.2.\n";
  expect(await read("codex")).toBe(
    `# @openai/codex\n\n## 1.3.0-alpha.2\n\n### Minor Changes\n\n${moves}\n### Patch Changes\n\n- Closing twice is a no-op.\n\n## 1.2.3\n\n### Patch Changes\n\n- First.\n`,
  );
  expect(await read("codex-cli-bin")).toContain(moves);
  expect(await read("codex-types")).toContain(moves);
  expect(await read("codex-types")).toContain(
    "  - removed: client request `thread/drop` (stable)\n",
  );
  // A private package that depends on the published ones is not released with them.
  const other = join(repository.root, "tools/other");
  expect(readJsonObject(join(other, "package.json"))["version"]).toBe("0.0.0");
  expect(existsSync(join(other, "CHANGELOG.md"))).toBe(false);
});

test("the report comes before any change, and has the changes, our files and the decisions", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  let report = "";
  const result = await bump(repository, {
    onReport: async (markdown) => {
      report = markdown;
      const present = await snapshot(folder.path);
      for (const path of Object.keys(before)) expect(present[path]).toBe(before[path]);
    },
  });
  expect(report).toBe(`# The protocol of 1.3.0-alpha.2, compared with 1.2.3

## Breaking changes

- removed: client request \`thread/drop\` (stable)
- required from now on: \`Thread.name: string | null\` (experimental, written by both sides)

## Added

- client request \`thread/fork\` (stable)
  - params: \`Thread\` \`{ id: string; name: string | null }\`

## Other changes

None.

## Changed doc comments

- \`Thread.id\`

  before: The number.

  after: The id.

## Our files that mention a changed name

- \`thread/drop\`: \`packages/codex/src/drop.ts\`

## To decide

- The result of \`thread/fork\` is not known, and is \`unknown\` until RESPONSES_BY_HAND in \`tools/typegen/src/responses.ts\` names it. Response types that no method has: none, so that it shares one.
- The entry of \`thread/drop\` is not needed any more: remove it from RESPONSES_BY_HAND in \`tools/typegen/src/responses.ts\`.
- Adapt \`packages/codex/src/drop.ts\`: removed: client request \`thread/drop\` (stable).
- \`thread/fork\` (stable) is new: does \`Codex\` have a method for it?`);
  expect(result.report).toBe(report);
});

test("with reportOnly nothing is changed", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const result = await bump(repository, { reportOnly: true });
  expect(result.report).toContain("## To decide");
  expect(await snapshot(folder.path)).toEqual(before);
});

test("a recording that fails is a decision, and the bump is complete", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const tools = {
    ...toolsOf(OTHER_RUNTIME),
    record: () => Promise.reject(new Error("building\nsrc/a.ts(1,1): error TS2741: name")),
  };
  const { decisions, report } = await bump(repository, { tools });
  expect(report).toContain("## Failed on the way\n\n- The transcripts could not be recorded");
  expect(decisions.slice(-2)).toEqual([
    "The transcripts could not be recorded: adapt the SDK, then run `pnpm record`.",
    "src/a.ts(1,1): error TS2741: name",
  ]);
  expect(openRepository(repository.root).version).toEqual(version);
});

test.each(["draftTypes", "publishedVersions"] as const)(
  "if %s fails, nothing was changed",
  async (step) => {
    await using folder = await temporaryFolder();
    const repository = await checkout(folder.path);
    const before = await snapshot(folder.path);
    const calls: string[] = [];
    const tools = {
      ...toolsOf(OTHER_RUNTIME, calls),
      [step]: () => Promise.reject(new Error("no network")),
    };
    await expect(bump(repository, { tools })).rejects.toThrow("no network");
    expect(calls).not.toContain("install");
    expect(await snapshot(folder.path)).toEqual(before);
  },
);

test("a bump without git ends before the runtime is fetched", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const calls: string[] = [];
  vi.stubEnv("PATH", folder.path);
  await expect(bump(repository, { tools: toolsOf(OTHER_RUNTIME, calls) })).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringContaining("There is no git on the PATH"),
  });
  expect(calls).toEqual([]);
  expect(await snapshot(folder.path)).toEqual(before);
});

test("if the installation fails, the files are restored and the former runtime is installed", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const tools = toolsOf(OTHER_RUNTIME);
  const install: BumpTools["install"] = async (moved, lockFile) => {
    await tools.install(moved, lockFile);
    if (moved.version.npm === version.npm) throw new Error("no network");
  };
  await expect(bump(repository, { tools: { ...tools, install } })).rejects.toThrow("no network");
  expect(await snapshot(folder.path)).toEqual(before);
});

test("a bump stops before any change if the registry lacks the runtime for a platform, after the report", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const runtime = {
    ...OTHER_RUNTIME,
    published: OTHER_RUNTIME.published.filter((each) => !each.endsWith("win32-arm64")),
  };
  const reports: string[] = [];
  await expect(
    bump(repository, { tools: toolsOf(runtime), onReport: (each) => void reports.push(each) }),
  ).rejects.toMatchObject({
    code: "RUNTIME_UNAVAILABLE",
    message: expect.stringContaining("no runtime 1.3.0-alpha.2 for win32-arm64."),
  });
  expect(reports).toHaveLength(1);
  expect(await snapshot(folder.path)).toEqual(before);
});

test("a bump is undone if the lock file lacks the runtime for a platform", async () => {
  await using folder = await temporaryFolder();
  const repository = await checkout(folder.path);
  const before = await snapshot(folder.path);
  const runtime = { ...OTHER_RUNTIME, lockFile: lockFileOf(version.npm, ["linux-x64"]) };
  await expect(bump(repository, { tools: toolsOf(runtime) })).rejects.toMatchObject({
    code: "BUMP_FAILED",
    message: expect.stringContaining("darwin-arm64"),
  });
  expect(await snapshot(folder.path)).toEqual(before);
});

test.each(["1.2.3", "1.2.3-rc.1", "1.2.2"])(
  "a bump to %s is refused, because it is not above the present version",
  async (lower) => {
    await using folder = await temporaryFolder();
    const repository = await checkout(folder.path);
    const calls: string[] = [];
    await expect(
      bump(repository, {
        version: parseCodexVersion(lower),
        tools: toolsOf(OTHER_RUNTIME, calls),
      }),
    ).rejects.toMatchObject({
      code: "BUMP_FAILED",
      message: expect.stringContaining("The packages are at 1.2.3"),
    });
    expect(calls).toEqual([]);
  },
);
