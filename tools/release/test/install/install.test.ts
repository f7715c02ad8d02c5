import { realpath } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readJsonObject } from "../../src/json.js";
import { runOrThrow } from "../../src/runCommand.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import { bundlerTests } from "./bundlers.js";
import { consumerTests } from "./consumers.js";
import { failureTests } from "./failures.js";
import { addPrograms, type Market, openMarket } from "./market.js";
import {
  install,
  packageManagers,
  platformPackagesIn,
  userEnvironment,
  yarnPlugAndPlay,
} from "./packageManagers.js";

/** Installs and turns of the real runtime take seconds each, and more on a busy machine. */
const TIMEOUT_MS = 240_000;

let market: Market;
let shared: TemporaryFolder;
/** A project with the SDK, installed by npm. */
let project: string;

beforeAll(async () => {
  market = await openMarket();
  shared = await temporaryFolder();
  project = join(shared.path, "project");
  await install(npm(), "@openai/codex", market.registry.url, project);
  await addPrograms(project);
}, 2 * TIMEOUT_MS);

afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await market[Symbol.asyncDispose]();
});

function npm() {
  const [first] = packageManagers;
  if (first === undefined) throw new Error("unreachable");
  return first;
}

async function smoke(
  folder: string,
  script: string,
  ...flags: readonly string[]
): Promise<unknown> {
  const env = userEnvironment(join(folder, "..", "home"));
  return JSON.parse(await runOrThrow([process.execPath, ...flags, script], { cwd: folder, env }));
}

describe.each(packageManagers)("an install with $name", (manager) => {
  test(
    "brings one platform package, and runs a turn from ESM and from CommonJS",
    async () => {
      await using folder = await temporaryFolder();
      const place = join(folder.path, "project");
      await install(manager, "@openai/codex", market.registry.url, place);
      await addPrograms(place);
      expect(await platformPackagesIn(join(place, "node_modules"))).toEqual([
        market.platformPackage,
      ]);
      const expected = {
        version: market.version,
        runtime: market.version,
        codexPath: expect.stringContaining(await realpath(place)),
        finalResponse: "Installed.",
      };
      expect(await smoke(place, "smoke.mjs")).toEqual(expected);
      expect(await smoke(place, "smoke.cjs")).toEqual(expected);
    },
    TIMEOUT_MS,
  );
});

test(
  "an install with Yarn's Plug'n'Play runs a turn",
  async () => {
    await using folder = await temporaryFolder();
    const place = join(folder.path, "project");
    await install(yarnPlugAndPlay, "@openai/codex", market.registry.url, place);
    await addPrograms(place);
    const hooks = ["--require", "./.pnp.cjs", "--loader", "./.pnp.loader.mjs"];
    expect(await smoke(place, "smoke.mjs", ...hooks)).toMatchObject({
      version: market.version,
      finalResponse: "Installed.",
    });
  },
  TIMEOUT_MS,
);

test(
  "a prerelease installs beside the release under its dist-tag, and latest stays",
  async () => {
    const { registry, version, nextVersion } = market;
    for (const name of [
      "@openai/codex",
      "@openai/codex-types",
      "@openai/codex-cli-bin",
      market.platformPackage,
    ]) {
      expect(await registry.packument(name)).toMatchObject({
        "dist-tags": { latest: version, alpha: nextVersion },
      });
    }
    await install(npm(), "codex-next@npm:@openai/codex@alpha", registry.url, project);
    const versionOf = (name: string): unknown =>
      readJsonObject(join(project, "node_modules", name, "package.json"))["version"];
    expect([versionOf("@openai/codex"), versionOf("codex-next")]).toEqual([version, nextVersion]);
    const script =
      'const sdk = await import("codex-next"); process.stdout.write(JSON.stringify(sdk.CODEX_VERSION));';
    const flags = [process.execPath, "--input-type=module", "--eval", script] as const;
    expect(JSON.parse(await runOrThrow(flags, { cwd: project }))).toBe(nextVersion);
    expect(await smoke(project, "smoke.mjs")).toMatchObject({ version, runtime: version });
  },
  TIMEOUT_MS,
);

const shop = { market: () => market, project: () => project, npm, timeoutMs: TIMEOUT_MS };
describe("without the runtime", () => {
  failureTests(shop);
});
describe("a TypeScript project", () => {
  consumerTests(shop);
});
describe("a bundle", () => {
  bundlerTests(shop);
});
