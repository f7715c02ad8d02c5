import { CodexCliBinError } from "./errors.js";
import type { Host } from "./host.js";
import {
  packageManagerOf,
  platformAdvice,
  reinstallAdvice,
  versionAdvice,
  type PackageManager,
} from "./packageManager.js";
import { PACKAGE_NAME, PLATFORM_PACKAGE_PREFIX, targets, type Target } from "./targets.js";

/** The environment variable that names an executable to use in place of the installed runtime. */
export const OVERRIDE_VARIABLE = "CODEX_CLI_BIN_PATH";

const useAnother = `or use an executable of your own: set ${OVERRIDE_VARIABLE}, or the SDK's option codexPath, to its path`;

/** `linux x64 (glibc 2.39)`. */
export function describeMachine(host: Host): string {
  const libc = host.libc();
  return `${host.platform} ${host.arch}${libc === null ? "" : ` (${libc})`}`;
}

function managerOf(host: Host): PackageManager | null {
  return packageManagerOf(host.env["npm_config_user_agent"], host.packages.from);
}

export function unsupportedPlatform(host: Host): CodexCliBinError {
  return new CodexCliBinError({
    code: "UNSUPPORTED_PLATFORM",
    problem: `There is no Codex runtime for ${describeMachine(host)}. There is one for ${targets.map((target) => target.id).join(", ")}.`,
    mend: ["run on one of these platforms", useAnother],
  });
}

export function missing(host: Host, target: Target): CodexCliBinError {
  const { from, isBundled } = host.packages;
  const wanted = `${target.packageName}@${host.pinnedVersion}`;
  if (isBundled) {
    return new CodexCliBinError({
      code: "BUNDLED",
      problem: `The Codex runtime was not found: ${PACKAGE_NAME} was bundled into ${from ?? "a file that has no place on disk"}, and ${wanted}, the package with the executable for ${describeMachine(host)}, cannot be found from there.`,
      causes: [
        "a bundler took the code, but an executable cannot go into a bundle",
        "the program was compiled into one file (bun build --compile, Node single executable)",
        `${target.packageName} is not installed where the program runs (--omit=optional, another platform)`,
      ],
      mend: [
        `keep @openai/codex and ${PACKAGE_NAME} external to the bundle (esbuild: --external, Next.js: serverExternalPackages), and ship node_modules`,
        `or ship the codex executable beside the program and name it: the SDK's option codexPath, or ${OVERRIDE_VARIABLE}`,
      ],
    });
  }
  return new CodexCliBinError({
    code: "PLATFORM_PACKAGE_MISSING",
    problem: `The Codex runtime for ${describeMachine(host)} is not installed: ${wanted} was not found from ${from}. It is an optional dependency of ${PACKAGE_NAME}@${host.pinnedVersion}, which is installed.`,
    causes: [
      "the install left optional dependencies out (--omit=optional, --no-optional, or the same in a config file)",
      "the lockfile, or node_modules, was made on another platform",
      "the download failed: a failed optional dependency does not fail an install",
    ],
    mend: [...reinstallAdvice(managerOf(host), target), useAnother],
  });
}

/** @param found what is there instead, such as `@openai/codex-darwin-arm64`. */
export function foreign(
  host: Host,
  target: Target,
  found: { readonly what: string; readonly ids: readonly string[] },
): CodexCliBinError {
  const causes = ["node_modules was copied from another machine, or into a container image"];
  if (found.ids.some((id) => id.startsWith(`${host.platform}-`))) {
    causes.push(
      `Node runs as ${host.arch} here, and ran as another architecture when it installed (an emulation such as Rosetta, or a second Node)`,
    );
  }
  if (host.platform === "linux" && found.ids.some((id) => id.startsWith("win32-"))) {
    causes.push("Windows and WSL share the folder: install from within WSL");
  }
  return new CodexCliBinError({
    code: "FOREIGN_PLATFORM_PACKAGE",
    problem: `The Codex runtime that is installed is another platform's: found ${found.what}, but ${describeMachine(host)} needs ${target.packageName}@${host.pinnedVersion} (${target.triple}).`,
    causes,
    mend: [...platformAdvice(managerOf(host), target), useAnother],
  });
}

export function versionMismatch(
  host: Host,
  found: { readonly packageDir: string; readonly version: string },
): CodexCliBinError {
  return new CodexCliBinError({
    code: "VERSION_MISMATCH",
    problem: `The Codex runtime in ${found.packageDir} is version ${found.version}, but ${PACKAGE_NAME}@${host.pinnedVersion} needs exactly ${host.pinnedVersion}.`,
    causes: [
      "an override, a resolution or a stale lockfile holds one of the packages at another version",
      "a half-done update left the old package in place",
    ],
    mend: [...versionAdvice(managerOf(host)), useAnother],
  });
}

export function damaged(host: Host, target: Target, reason: string): CodexCliBinError {
  return new CodexCliBinError({
    code: "PACKAGE_DAMAGED",
    problem: `${target.packageName} is installed, but incomplete: ${reason}.`,
    causes: [
      "the download or the unpacking was cut off",
      "a virus scanner, a bundler or a file tracer took files out of the package",
    ],
    mend: [...versionAdvice(managerOf(host)).slice(0, 1), useAnother],
  });
}

export function inArchive(target: Target, packageDir: string): CodexCliBinError {
  return new CodexCliBinError({
    code: "IN_ARCHIVE",
    problem: `The Codex runtime lies in an archive, from which nothing can be executed: ${packageDir}.`,
    mend: [
      `Electron: unpack it, for example asarUnpack: ["**/node_modules/${PLATFORM_PACKAGE_PREFIX}{darwin,linux,win32}-*/**"]`,
      `Yarn PnP: dependenciesMeta: { "${target.packageName}": { "unplugged": true } } in the root package.json`,
      useAnother,
    ],
  });
}
