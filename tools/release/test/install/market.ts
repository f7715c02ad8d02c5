import { cp, mkdir, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import semver from "semver";

import { targets } from "../../src/platforms.js";
import { readRelease } from "../../src/releaseManifest.js";
import { openRepository } from "../../src/repository.js";
import { stageRuntime } from "../../src/runtime/stageRuntime.js";
import { OWN_SCOPE } from "../../src/scope.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { loopbackRegistry, type LoopbackRegistry } from "../support/loopbackRegistry.js";
import { writeCodexPackage } from "../support/standIns.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import { publishThirdParty } from "../support/thirdParty.js";
import { runTool } from "../support/tool.js";

/** This checkout, with its packages built. */
export const repository = openRepository(fileURLToPath(new URL(".", import.meta.url)));

/** The platform that this machine is. */
const here = targets.find(({ os, cpu }) => os === process.platform && cpu === process.arch);

/** A registry on this machine with two releases: the checkout's own, and a prerelease after it. */
export interface Market extends AsyncDisposable {
  readonly registry: LoopbackRegistry;
  readonly version: string;
  /** The name of the one platform package that an install here must bring. */
  readonly platformPackage: string;
  /** A prerelease with a stand-in for a runtime. */
  readonly nextVersion: string;
}

/**
 * Stages and publishes the releases with the tool's own commands. With `CODEX_RELEASE` in the
 * environment the release staged there is published in place of one of this checkout.
 */
export async function openMarket(): Promise<Market> {
  if (here === undefined)
    throw new Error(`Codex is not built for ${process.platform} ${process.arch}`);
  const folder = await temporaryFolder();
  const registry = await loopbackRegistry();
  const dispose = async (): Promise<void> => {
    await registry[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  try {
    const given = process.env["CODEX_RELEASE"];
    const release =
      given === undefined ? await stageCheckout(folder) : resolve(repository.root, given);
    const { version } = readRelease(release).manifest;
    await publishThirdParty(registry.url);
    await succeed("publish", release, "--registry", registry.url);
    const nextVersion = `${semver.inc(version, "minor")}-alpha.1`;
    await succeed("publish", await stageNext(folder, nextVersion), "--registry", registry.url);
    const platformPackage = here.packageName;
    return { registry, version, platformPackage, nextVersion, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The checkout's release, with the real runtime of this machine and stand-ins for the other platforms. */
async function stageCheckout({ path }: TemporaryFolder): Promise<string> {
  const version = repository.version.npm;
  const runtimes = join(path, "runtimes");
  await stageStandIns(path, version, runtimes, (id) => id !== here?.id);
  await stageRealRuntime(join(runtimes, here?.id ?? ""), version);
  const release = join(path, "release");
  const common = ["--codex-version", version, "--no-build", "--staged", runtimes];
  await succeed("stage-all", release, ...common, "--repository", repository.root);
  return release;
}

/** Stages the checkout's release for this platform only, under a scope. Returns its folder. */
export async function stageHere(path: string, scope = OWN_SCOPE): Promise<string> {
  if (here === undefined)
    throw new Error(`Codex is not built for ${process.platform} ${process.arch}`);
  const version = repository.version.npm;
  const runtimes = join(path, "runtimes");
  await stageRealRuntime(join(runtimes, here.id), version);
  const release = join(path, "release");
  const common = ["--codex-version", version, "--no-build", "--staged", runtimes];
  await succeed("stage-all", release, ...common, "--platforms", here.id, "--scope", scope);
  return release;
}

/** The runtime that the checkout has installed, less what a turn does not need: it is packed in half the time. */
async function stageRealRuntime(out: string, version: string): Promise<void> {
  if (here === undefined) throw new Error("unreachable");
  const require = createRequire(join(repository.root, "package.json"));
  const installed = dirname(require.resolve(`${here.packageName}/package.json`));
  const vendor = join(installed, "vendor", here.triple);
  const tools = (await readdir(join(vendor, "codex-path"))).map((name) =>
    join(vendor, "codex-path", name),
  );
  const resources = (await readdir(join(vendor, "codex-resources")))
    .filter((name) => name !== "voice")
    .map((name) => join(vendor, "codex-resources", name));
  await succeed(
    "stage-runtime",
    out,
    "--codex-version",
    version,
    "--platform",
    here.id,
    "--binary",
    join(vendor, "bin", here.executable),
    "--repository",
    repository.root,
    ...[...tools, ...resources].flatMap((resource) => ["--resource", resource]),
  );
}

async function stageNext({ path }: TemporaryFolder, version: string): Promise<string> {
  const runtimes = join(path, "next-runtimes");
  await stageStandIns(path, version, runtimes, () => true);
  const release = join(path, "next-release");
  const common = ["--codex-version", version, "--no-build", "--staged", runtimes];
  await succeed("stage-all", release, ...common, "--repository", repository.root);
  return release;
}

async function stageStandIns(
  path: string,
  version: string,
  runtimes: string,
  isWanted: (id: string) => boolean,
): Promise<void> {
  for (const target of targets.filter(({ id }) => isWanted(id))) {
    const built = join(path, `built-${version}-${target.id}`);
    await writeCodexPackage(built, target, version);
    await stageRuntime({
      repository,
      out: join(runtimes, target.id),
      version: parseCodexVersion(version),
      target,
      source: { kind: "package", path: built },
      // A stand-in need not run.
      asksVersion: false,
    });
  }
}

/** Runs a command of the tool. Throws with its messages if it fails. */
export async function succeed(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runTool(...args);
  if (exitCode !== 0) throw new Error(`release ${args.join(" ")} failed:\n${stderr}`);
}

/** Copies the scripts that use the SDK into a project. */
export async function addPrograms(project: string): Promise<void> {
  await mkdir(project, { recursive: true });
  await cp(fileURLToPath(new URL("programs", import.meta.url)), project, { recursive: true });
}
