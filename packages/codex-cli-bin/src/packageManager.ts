import type { Target } from "./targets.js";

/** Package managers whose commands the messages know. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/**
 * Returns the package manager that runs this process (from `npm_config_user_agent`), else the one whose
 * layout the path `location` has, else `null`.
 */
export function packageManagerOf(
  userAgent: string | undefined,
  location: string | null,
): PackageManager | null {
  const name = userAgent?.split("/", 1)[0];
  if (name === "npm" || name === "pnpm" || name === "yarn" || name === "bun") {
    return name;
  }
  const store = /[\\/]node_modules[\\/]\.(pnpm|bun)[\\/]/.exec(location ?? "")?.[1];
  if (store === "pnpm" || store === "bun") {
    return store;
  }
  // The global virtual store of pnpm: <store>/v11/links/<name>/<version>/<hash>/node_modules.
  if (/[\\/]v\d+[\\/]links[\\/].*[\\/]node_modules[\\/]/.test(location ?? "")) {
    return "pnpm";
  }
  return /[\\/]\.yarn[\\/]/.test(location ?? "") ? "yarn" : null;
}

/** Returns how to install an optional dependency that was left out. */
export function reinstallAdvice(manager: PackageManager | null, target: Target): readonly string[] {
  const { os, cpu } = target;
  switch (manager) {
    case "npm":
      return [
        "npm install --include=optional",
        "if it is still missing: delete node_modules and package-lock.json, then run: npm install",
      ];
    case "pnpm":
      return [
        "delete node_modules, then run: pnpm install (without --no-optional)",
        `if pnpm-workspace.yaml sets supportedArchitectures, let it include os ${os} and cpu ${cpu}`,
      ];
    case "yarn":
      return [
        "delete node_modules, then run: yarn install (without --ignore-optional)",
        `if .yarnrc.yml sets supportedArchitectures, let it include os ${os} and cpu ${cpu}`,
      ];
    case "bun":
      return [
        "delete node_modules, then run: bun install (without --omit=optional)",
        "if it is still missing: delete bun.lock too and install again",
      ];
    case null:
      return [
        "npm install --include=optional (pnpm, yarn, bun: delete node_modules and install again, optional dependencies included)",
        "if it is still missing: delete node_modules and the lockfile, then install again",
      ];
  }
}

/** Returns how to install for the platform of `target` in place of another platform. */
export function platformAdvice(manager: PackageManager | null, target: Target): readonly string[] {
  const { os, cpu } = target;
  const inPlace =
    "install on the machine or image where the program runs, and do not copy node_modules there (.dockerignore)";
  switch (manager) {
    case "npm":
      return [inPlace, `to install for it from elsewhere: npm install --os=${os} --cpu=${cpu}`];
    case "bun":
      return [inPlace, `to install for it from elsewhere: bun install --os=${os} --cpu=${cpu}`];
    case "pnpm":
      return [
        inPlace,
        `to install for several platforms: supportedArchitectures in pnpm-workspace.yaml, with os ${os} and cpu ${cpu}`,
      ];
    case "yarn":
      return [
        inPlace,
        `to install for several platforms: supportedArchitectures in .yarnrc.yml, with os ${os} and cpu ${cpu}`,
      ];
    case null:
      return [
        inPlace,
        `to install for it from elsewhere: npm install --os=${os} --cpu=${cpu}, or supportedArchitectures in pnpm and yarn`,
      ];
  }
}

/** Returns the command that installs the published runtime of one version, which the CLI has, too. */
export function publishedRuntimeAdvice(
  manager: PackageManager | null,
  { id, packageName }: Target,
  version: string,
): string {
  const add = manager === null || manager === "npm" ? "npm install" : `${manager} add`;
  return `${add} ${packageName}@npm:@openai/codex@${version}-${id}`;
}

/** Returns how to bring all packages to one version again. */
export function versionAdvice(manager: PackageManager | null): readonly string[] {
  const command = `${manager ?? "npm"} install`;
  return [
    `delete node_modules, then run: ${command}`,
    "or remove overrides or resolutions that force a version of one of the packages",
  ];
}
