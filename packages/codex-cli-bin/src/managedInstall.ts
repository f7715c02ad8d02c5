import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

import type { Environment } from "./environment.js";
import { stringMember } from "./layout.js";

/**
 * Names the variables by which the runtime knows that a package manager installed it. `codex doctor` and
 * the update hint read them. The published CLI's launcher sets the same ones.
 */
const OWNER_VARIABLES = {
  npm: "CODEX_MANAGED_BY_NPM",
  pnpm: "CODEX_MANAGED_BY_PNPM",
  bun: "CODEX_MANAGED_BY_BUN",
  vitePlus: "CODEX_MANAGED_BY_VITE_PLUS",
} as const;

type Owner = keyof typeof OWNER_VARIABLES;

/**
 * Returns the environment of a runtime that the package at `packageRoot` starts: `env` with
 * `CODEX_MANAGED_PACKAGE_ROOT` and exactly one `CODEX_MANAGED_BY_…`.
 *
 * @param entry the script that Node was started with; a package manager may have linked it.
 */
export function withOwner(
  env: Environment,
  packageRoot: string,
  entry: string | undefined,
): Record<string, string | undefined> {
  const root = realpathOr(packageRoot);
  const result: Record<string, string | undefined> = { ...env, CODEX_MANAGED_PACKAGE_ROOT: root };
  for (const name of Object.values(OWNER_VARIABLES)) delete result[name];
  result[OWNER_VARIABLES[ownerOf(env, root, entry)]] = "1";
  return result;
}

function ownerOf(env: Environment, root: string, entry: string | undefined): Owner {
  const starts = entry === undefined ? [root] : [root, path.dirname(path.resolve(root, entry))];
  for (const folder of starts.flatMap(ancestorsOf)) {
    if (isVitePlusInstall(folder, root)) return "vitePlus";
    if (isPnpmInstall(path.join(folder, "node_modules"), root)) return "pnpm";
  }
  const isBun =
    /\bbun\//.test(env["npm_config_user_agent"] ?? "") ||
    (env["npm_execpath"] ?? "").includes("bun") ||
    /[\\/]\.bun[\\/]install[\\/]global[\\/]/.test(root);
  return isBun ? "bun" : "npm";
}

function ancestorsOf(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

function isPnpmInstall(modules: string, root: string): boolean {
  return (
    existsSync(path.join(modules, ".modules.yaml")) &&
    realpathOr(path.join(modules, "@openai", "codex")) === root
  );
}

/** Vite+ records its active global installation in `packages/@openai/codex.json`. */
function isVitePlusInstall(folder: string, root: string): boolean {
  if (path.basename(folder) !== "packages") return false;
  let record: unknown;
  try {
    record = JSON.parse(readFileSync(path.join(folder, "@openai", "codex.json"), "utf8"));
  } catch {
    return false;
  }
  if (stringMember(record, "name") !== "@openai/codex") return false;
  const id = stringMember(record, "installId") ?? "";
  const install = id.startsWith("#")
    ? path.join(folder, `@openai/codex${id}`)
    : path.join(folder, "@openai/codex", id);
  return ["lib/node_modules", "node_modules"].some(
    (modules) => realpathOr(path.join(install, modules, "@openai/codex")) === root,
  );
}

/** Returns the path with symbolic links resolved, or unresolved if that fails: the owner is only a hint. */
function realpathOr(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.normalize(file);
  }
}
