import { existsSync } from "node:fs";
import { mkdir, readdir, realpath, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { npmCommand, pnpmCommand, runOrThrow } from "../../src/runCommand.js";

const require = createRequire(import.meta.url);

/** One way to install packages. */
export interface PackageManager {
  readonly name: string;
  /** The configuration files of a project that installs from `registry` and from nowhere else. */
  readonly files: (registry: string) => Readonly<Record<string, string>>;
  readonly add: (spec: string, cache: string) => readonly [string, ...string[]];
}

const npmrc = (registry: string): string => `registry=${registry}\n@openai:registry=${registry}\n`;

/** Everything that users install with. Classic Yarn runs an install script of its own, which is not allowed here. */
export const packageManagers: readonly PackageManager[] = [
  {
    name: "npm",
    files: (registry) => ({ ".npmrc": npmrc(registry) }),
    add: (spec, cache) => [
      ...npmCommand(),
      "install",
      spec,
      "--no-audit",
      "--no-fund",
      `--cache=${cache}`,
    ],
  },
  {
    name: "npm without scripts",
    files: (registry) => ({ ".npmrc": npmrc(registry) }),
    add: (spec, cache) => [
      ...npmCommand(),
      "install",
      spec,
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      `--cache=${cache}`,
    ],
  },
  {
    name: "pnpm, isolated",
    files: (registry) => ({
      ".npmrc": npmrc(registry),
      "pnpm-workspace.yaml": "nodeLinker: isolated\nminimumReleaseAge: 0\n",
    }),
    add: (spec, cache) => [...pnpmCommand(), "add", spec, `--store-dir=${cache}`],
  },
  {
    name: "pnpm, hoisted",
    files: (registry) => ({
      ".npmrc": npmrc(registry),
      "pnpm-workspace.yaml": "nodeLinker: hoisted\nminimumReleaseAge: 0\n",
    }),
    add: (spec, cache) => [...pnpmCommand(), "add", spec, `--store-dir=${cache}`],
  },
  {
    name: "yarn",
    files: (registry) => ({ ".yarnrc.yml": yarnrc(registry, "node-modules"), "yarn.lock": "" }),
    add: (spec) => [
      process.execPath,
      join(dirname(require.resolve("@yarnpkg/cli-dist/package.json")), "bin/yarn.js"),
      "add",
      spec,
    ],
  },
  {
    name: "bun",
    files: (registry) => ({ "bunfig.toml": `[install]\nregistry = "${registry}"\n` }),
    add: (spec) => [bunPath(), "add", spec],
  },
];

/** The same Yarn, which keeps packages in archives (Plug'n'Play). */
export const yarnPlugAndPlay: PackageManager = {
  name: "yarn, Plug'n'Play",
  files: (registry) => ({ ".yarnrc.yml": yarnrc(registry, "pnp"), "yarn.lock": "" }),
  add: (spec) => [
    process.execPath,
    join(dirname(require.resolve("@yarnpkg/cli-dist/package.json")), "bin/yarn.js"),
    "add",
    spec,
  ],
};

function yarnrc(registry: string, linker: "node-modules" | "pnp"): string {
  return [
    `nodeLinker: ${linker}`,
    `npmRegistryServer: "${registry}"`,
    "npmMinimalAgeGate: 0",
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    "enableImmutableInstalls: false",
    "enableTelemetry: false",
    "enableGlobalCache: false",
    "",
  ].join("\n");
}

/** Bun's executable: the package that carries it runs no install script. */
export function bunPath(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const cpu = process.arch === "arm64" ? "aarch64" : process.arch;
  const name = process.platform === "win32" ? "bun.exe" : "bun";
  return join(dirname(require.resolve(`@oven/bun-${os}-${cpu}/package.json`)), "bin", name);
}

/**
 * The environment of a user's shell: nothing that pnpm or vitest set for this process, and a home of its
 * own, so that neither configuration nor caches of the developer take part.
 */
export function userEnvironment(home: string): NodeJS.ProcessEnv {
  const unset = Object.keys(process.env).filter((name) =>
    /^(npm_|pnpm_|vitest|node_options|node_path|node_env|init_cwd|ci$|openai_|codex_)/i.test(name),
  );
  return {
    ...Object.fromEntries(unset.map((name) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
  };
}

/** Installs a package into a project at `folder`, which is made if it is not there. */
export async function install(
  manager: PackageManager,
  spec: string,
  registry: string,
  folder: string,
): Promise<void> {
  const home = join(dirname(folder), "home");
  await mkdir(home, { recursive: true });
  if (!existsSync(folder)) {
    await mkdir(folder);
    const manifest = { name: "consumer", version: "1.0.0", private: true };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    for (const [name, text] of Object.entries(manager.files(registry))) {
      await writeFile(join(folder, name), text);
    }
  }
  await runOrThrow(manager.add(spec, join(home, "cache")), {
    cwd: folder,
    env: userEnvironment(home),
  });
}

/** The names of the platform packages below a project's `node_modules`, each once. */
export async function platformPackagesIn(folder: string): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!/^codex-(darwin|linux|win32)-(arm64|x64)$/.test(entry.name)) continue;
    const path = await realpath(join(entry.parentPath, entry.name));
    if (existsSync(join(path, "package.json"))) found.set(path, `@openai/${entry.name}`);
  }
  return [...found.values()];
}
