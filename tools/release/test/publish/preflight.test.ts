import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { writeJson } from "../../src/json.js";
import { packFolders } from "../../src/packFolder.js";
import { npmPublish } from "../../src/publish/npmPublish.js";
import { publishRelease } from "../../src/publish/publishRelease.js";
import { Registry } from "../../src/publish/registry.js";
import { OWN_NAMES } from "../../src/scope.js";
import { fixtureRepository } from "../support/fixtureRepository.js";
import { type LoopbackRegistry, loopbackRegistry } from "../support/loopbackRegistry.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { runTool, type ToolRun } from "../support/tool.js";

/** Publishes a package that is none of a release. */
async function publishOther(
  root: string,
  registry: LoopbackRegistry,
  manifest: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = join(root, `other-${String(manifest["version"])}`);
  await mkdir(folder);
  await writeJson(join(folder, "package.json"), manifest);
  const [tarball = ""] = await packFolders([folder], root);
  const to = new Registry(registry.url, { attempts: 1, delayMs: 0 });
  await npmPublish(tarball, {
    registry: to,
    scope: "@openai",
    distTag: "latest",
    hasProvenance: false,
  });
}

/** Manifest of the CLI, as it is published under the name of the SDK. */
function cliManifest(version: string): Readonly<Record<string, unknown>> {
  const optionalDependencies = {
    "@openai/codex-linux-x64": `npm:@openai/codex@${version}-linux-x64`,
  };
  return { name: "@openai/codex", version, bin: { codex: "bin/codex.js" }, optionalDependencies };
}

async function preflight(
  root: string,
  registry: LoopbackRegistry,
  version: string,
  ...more: readonly string[]
): Promise<ToolRun> {
  const { root: checkout } = await fixtureRepository(join(root, "checkout"));
  const common = ["--registry", registry.url, "--repository", checkout];
  return runTool("preflight", version, ...common, ...more);
}

test("a version that nobody has published is free under every name", async () => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  expect(await preflight(folder.path, registry, "1.2.3")).toEqual({
    exitCode: 0,
    stdout: OWN_NAMES.map((name) => `${name} 1.2.3: free\n`).join(""),
    stderr: "",
  });
});

test("a version that is partly published by us is ours where it is, and passes", async () => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  const { path } = await stagedRelease(folder.path, { platforms: "linux-x64" });
  await publishRelease({ release: path, registry: registry.url });
  const { exitCode, stdout } = await preflight(folder.path, registry, "1.2.3");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("@openai/codex 1.2.3: ours\n");
  expect(stdout).toContain("@openai/codex-cli-bin 1.2.3: ours\n");
  expect(stdout).toContain("@openai/codex-win32-x64 1.2.3: free\n");
});

test.each([
  ["of the version itself", "1.2.3", "@openai/codex 1.2.3: taken by the CLI\n"],
  ["of another patch of the minor", "1.2.0", "@openai/codex 1.2.3: taken by the CLI (by 1.2.0)\n"],
  ["of a prerelease of the minor", "1.2.0-alpha.1", "taken by the CLI (by 1.2.0-alpha.1)\n"],
])("a CLI %s is refused, by preflight and by publish", async (_, version, line) => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  await publishOther(folder.path, registry, cliManifest(version));
  const run = await preflight(folder.path, registry, "1.2.3");
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain(line);
  expect(run.stderr).toMatch(
    /^error: 1\.2\.3 cannot be published: @openai\/codex is taken by the CLI[^\n]*\n$/,
  );
  const { path } = await stagedRelease(folder.path, { platforms: "linux-x64" });
  await expect(publishRelease({ release: path, registry: registry.url })).rejects.toMatchObject({
    code: "NAME_TAKEN",
  });
});

test("the CLI of an earlier minor, and parts of it with a platform suffix, are not in the way", async () => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  await publishOther(folder.path, registry, cliManifest("1.1.9"));
  await publishOther(folder.path, registry, { name: "@openai/codex", version: "1.2.3-linux-x64" });
  expect((await preflight(folder.path, registry, "1.2.3")).exitCode).toBe(0);
});

test("a name that someone else has is refused, and is free under another scope", async () => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  await publishOther(folder.path, registry, { name: "@openai/codex-types", version: "1.2.3" });
  const run = await preflight(folder.path, registry, "1.2.3");
  expect(run.stdout).toContain("@openai/codex-types 1.2.3: taken by another package\n");
  expect(run.exitCode).toBe(1);
  const scoped = await preflight(folder.path, registry, "1.2.3", "--scope", "@you");
  expect(scoped.exitCode).toBe(0);
  expect(scoped.stdout).toContain("@you/codex-types 1.2.3: free\n");
});

test("manifests that name another repository than the workflow's are refused", async () => {
  await using folder = await temporaryFolder();
  await using registry = await loopbackRegistry();
  const right = await preflight(
    folder.path,
    registry,
    "1.2.3",
    "--workflow-repository",
    "openai/codex",
  );
  expect(right.exitCode).toBe(0);
  const wrong = await preflight(
    folder.path,
    registry,
    "1.2.3",
    "--workflow-repository",
    "you/fork",
  );
  expect(wrong).toMatchObject({ exitCode: 1, stdout: "" });
  expect(wrong.stderr).toContain(
    "but the workflow runs in you/fork: npm would refuse its provenance",
  );
});
