import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { writeJson } from "../../src/json.js";
import { packFolders } from "../../src/packFolder.js";
import { targets } from "../../src/platforms.js";
import { npmPublish } from "../../src/publish/npmPublish.js";
import { Registry } from "../../src/publish/registry.js";
import { openRepository } from "../../src/repository.js";
import { type CommandResult, runCommand } from "../../src/runCommand.js";
import { type LoopbackRegistry, loopbackRegistry } from "./loopbackRegistry.js";
import { writeCodexPackage } from "./standIns.js";
import { temporaryFolder } from "./temporaryFolder.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A machine on which the commands of the workflows and the documents are run as they are written. */
export interface Rehearsal extends AsyncDisposable {
  readonly path: string;
  readonly registry: LoopbackRegistry;
  /** The version that the checkout is at. */
  readonly version: string;
  /** Makes an empty folder, or one with the files of a fresh clone that has been installed and built. */
  readonly newFolder: (name: string, isCheckout: boolean) => Promise<string>;
  /** Runs a script as the workflows' shell does. */
  readonly run: (
    script: string,
    cwd: string,
    variables: Readonly<Record<string, string>>,
  ) => Promise<CommandResult>;
}

/**
 * Sets up a rehearsal: a registry on the loopback that has stand-ins for the published runtimes, and a pnpm
 * that installs and builds nothing, as this checkout has been, and runs the built tool for `pnpm release`.
 */
export async function rehearsal(): Promise<Rehearsal> {
  const folder = await temporaryFolder();
  const registry = await loopbackRegistry();
  const version = openRepository(root).version.npm;
  await publishRuntimes(folder.path, registry, version);
  // npm changes nothing without a login, though this registry asks for none.
  const login = `${registry.url.replace(/^http:/, "")}:_authToken=none\n`;
  await writeFile(join(folder.path, ".npmrc"), login);
  const commands = join(folder.path, "commands");
  await writeCommands(commands);
  const template = join(folder.path, "template");
  await writeCheckout(template);
  return {
    path: folder.path,
    registry,
    version,
    newFolder: async (name, isCheckout) => {
      const path = join(folder.path, "jobs", name);
      await mkdir(path, { recursive: true });
      if (isCheckout) await cp(template, path, { recursive: true, verbatimSymlinks: true });
      return path;
    },
    run: async (script, cwd, variables) => {
      const unset = Object.keys(process.env).filter((name) => /^(npm_|pnpm_|ci$)/i.test(name));
      return runCommand(["bash", "-euo", "pipefail", "-c", script], {
        cwd,
        env: {
          ...Object.fromEntries(unset.map((name) => [name, undefined])),
          PATH: `${commands}:${process.env["PATH"] ?? ""}`,
          HOME: folder.path,
          npm_config_registry: registry.url,
          ...variables,
        },
      });
    },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The runtimes as the CLI's pipeline publishes them: versions of one name, with the platform as suffix. */
async function publishRuntimes(
  path: string,
  registry: LoopbackRegistry,
  version: string,
): Promise<void> {
  const to = new Registry(registry.url, { attempts: 1, delayMs: 0 });
  for (const target of targets) {
    const folder = join(path, `published-${target.id}`);
    await writeCodexPackage(join(folder, "vendor", target.triple), target, version);
    const name = "@openai/codex";
    await writeJson(join(folder, "package.json"), { name, version: `${version}-${target.id}` });
    const [tarball = ""] = await packFolders([folder], path);
    const options = { registry: to, scope: "@openai", hasProvenance: false };
    await npmPublish(tarball, { ...options, distTag: target.id });
  }
}

async function writeCheckout(folder: string): Promise<void> {
  await mkdir(join(folder, "packages"), { recursive: true });
  for (const file of ["package.json", "pnpm-workspace.yaml", "LICENSE", "README.md"]) {
    await cp(join(root, file), join(folder, file));
  }
  for (const name of ["codex", "codex-cli-bin", "codex-types"]) {
    await cp(join(root, "packages", name), join(folder, "packages", name), {
      recursive: true,
      filter: (path) => !["node_modules", "test", ".turbo"].includes(basename(path)),
    });
  }
  const bundle = join("tools", "release", "dist", "bundle");
  await cp(join(root, bundle), join(folder, bundle), { recursive: true });
  // The TypeScript that the declarations are compiled with.
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
}

async function writeCommands(folder: string): Promise<void> {
  await mkdir(folder);
  const tool = join(root, "tools", "release", "bin", "release.js");
  const commands = {
    pnpm: [
      '[ "$1" != --silent ] || shift',
      `[ "$1" != release ] || { shift; exec "${process.execPath}" "${tool}" "$@"; }`,
    ],
    npm: ['[ "$1 $2" != "install --global" ] || exit 0', `PATH=\${PATH#${folder}:} exec npm "$@"`],
  };
  for (const [name, lines] of Object.entries(commands)) {
    await writeFile(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"));
    await chmod(join(folder, name), 0o755);
  }
}
