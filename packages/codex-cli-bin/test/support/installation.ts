import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { targetOf, type Target } from "../../src/targets.js";
import { writePlatformPackage, type PlatformPackageOptions } from "./fixtures.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const repositoryRoot = path.join(packageRoot, "../../");

export async function versionOfThisPackage(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(packageRoot, "package.json"), "utf8"));
  return String(manifest.version);
}

/** Returns the target of the machine that runs the tests. */
export function thisTarget(): Target {
  const target = targetOf(process.platform, process.arch);
  if (target === undefined) {
    throw new Error("the tests run on a platform that has no Codex runtime");
  }
  return target;
}

/** Compiles the package as its build script does, and puts the published files into `folder`. */
export async function buildPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const compiler = path.join(repositoryRoot, "node_modules/typescript/bin/tsc");
  const project = path.join(packageRoot, "tsconfig.build.json");
  await promisify(execFile)(process.execPath, [
    compiler,
    "-p",
    project,
    "--outDir",
    path.join(folder, "dist"),
  ]);
  const manifest = JSON.parse(await readFile(path.join(packageRoot, "package.json"), "utf8"));
  // As a release completes it.
  const optionalDependencies = { [thisTarget().packageName]: manifest.version };
  await writeFile(
    path.join(folder, "package.json"),
    JSON.stringify({ ...manifest, optionalDependencies }),
  );
  await cp(path.join(packageRoot, "README.md"), path.join(folder, "README.md"));
}

/** Installs the command of `@openai/codex` into a `node_modules` folder; returns the path of its script. */
export async function installCommand(modules: string): Promise<string> {
  const folder = path.join(modules, "@openai/codex");
  await cp(path.join(repositoryRoot, "packages/codex/bin"), path.join(folder, "bin"), {
    recursive: true,
  });
  const manifest = { name: "@openai/codex", type: "module" };
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
  return path.join(folder, "bin/codex.js");
}

/** Copies a built package into an installation, as a package of the given version. */
export async function installPackage(
  built: string,
  folder: string,
  version?: string,
): Promise<void> {
  await cp(built, folder, { recursive: true });
  if (version !== undefined) {
    const file = path.join(folder, "package.json");
    const manifest = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...manifest, version }));
  }
}

/** Installs a platform package of this machine whose executable is the Node script `script`. */
export async function installFakeRuntime(
  folder: string,
  options: PlatformPackageOptions & { readonly script?: string },
): Promise<string> {
  await writePlatformPackage(folder, thisTarget(), {
    content: `#!${process.execPath}\n${options.script ?? ""}`,
    version: await versionOfThisPackage(),
    ...options,
  });
  return path.join(folder, "vendor", thisTarget().triple, "bin", thisTarget().executable);
}

/** Runs ESM source in `cwd`, with a command before Node if given, and returns its output, parsed as JSON. */
export async function evaluate(
  cwd: string,
  source: string,
  prefix: readonly string[] = [],
): Promise<unknown> {
  const command = [...prefix, process.execPath, "--input-type=module", "--eval", source];
  const [file = "", ...args] = command;
  const { stdout } = await promisify(execFile)(file, args, { cwd, env: cleanEnvironment() });
  return JSON.parse(stdout);
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a Node program; `ended` resolves at its end. */
export function start(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...cleanEnvironment(), ...env },
  });
  const exit = new Promise<Pick<Ended, "status" | "signal">>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => resolve({ status, signal }));
  });
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(
    ([how, stdout, stderr]) => ({ ...how, stdout, stderr }),
  );
  return { child, ended };
}

// Without the variables that affect the lookup, and without settings of the test runner.
function cleanEnvironment(): NodeJS.ProcessEnv {
  const {
    CODEX_CLI_BIN_PATH: _,
    NODE_OPTIONS: __,
    npm_config_user_agent: ___,
    ...env
  } = process.env;
  return env;
}
