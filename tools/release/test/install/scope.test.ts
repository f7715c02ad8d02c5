// The release under another scope, from the command that stages it to a turn of an installed package.
import { existsSync } from "node:fs";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { npmCommand, runOrThrow } from "../../src/runCommand.js";
import { moveToScope, OWN_SCOPE } from "../../src/scope.js";
import { type LoopbackRegistry, loopbackRegistry } from "../support/loopbackRegistry.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import { publishThirdParty } from "../support/thirdParty.js";
import { addPrograms, repository, stageHere, succeed } from "./market.js";
import { install, packageManagers, userEnvironment } from "./packageManagers.js";

const SCOPE = "@you";
/** Packing the runtime takes a minute, and more on a busy machine. */
const TIMEOUT_MS = 400_000;

let folder: TemporaryFolder;
let registry: LoopbackRegistry;
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  registry = await loopbackRegistry();
  const release = await stageHere(folder.path, SCOPE);
  await succeed("verify", release);
  await publishThirdParty(registry.url);
  await succeed("publish", release, "--registry", registry.url);
  const programs = join(folder.path, "programs");
  await addPrograms(programs);
  await moveToScope(programs, SCOPE);
  project = join(folder.path, "project");
  const [npm] = packageManagers;
  if (npm === undefined) throw new Error("unreachable");
  await install(npm, `${SCOPE}/codex`, registry.url, project);
  await cp(programs, project, { recursive: true });
}, TIMEOUT_MS);

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function run(...command: readonly [string, ...string[]]): Promise<string> {
  return runOrThrow(command, { cwd: project, env: userEnvironment(join(folder.path, "home")) });
}

test(
  "an install of the SDK brings packages of the scope alone, and runs a turn",
  async () => {
    const modules = join(project, "node_modules");
    expect((await readdir(join(modules, SCOPE))).toSorted()).toEqual([
      "codex",
      "codex-cli-bin",
      `codex-${process.platform}-${process.arch}`,
      "codex-types",
    ]);
    expect(existsSync(join(modules, OWN_SCOPE))).toBe(false);
    const version = repository.version.npm;
    expect(JSON.parse(await run(process.execPath, "smoke.mjs"))).toEqual({
      version,
      runtime: version,
      codexPath: expect.stringContaining(join(modules, SCOPE)),
      finalResponse: "Installed.",
    });
  },
  TIMEOUT_MS,
);

test(
  "npx finds the codex command of the scope's SDK, which prints the version of the runtime",
  async () => {
    const command = [...npmCommand(), "exec", "--offline", "--", "codex", "--version"] as const;
    expect(await run(...command)).toBe(`codex-cli ${repository.version.npm}\n`);
  },
  TIMEOUT_MS,
);
