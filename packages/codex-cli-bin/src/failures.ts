import { CodexCliBinError } from "./errors.js";
import type { Host } from "./host.js";
import {
  packageManagerOf,
  platformAdvice,
  publishedRuntimeAdvice,
  reinstallAdvice,
  versionAdvice,
  type PackageManager,
} from "./packageManager.js";
import { PACKAGE_NAME, PLATFORM_PACKAGE_PREFIX, targets, type Target } from "./targets.js";

/** Environment variable that names an executable to use instead of the installed runtime. */
export const OVERRIDE_VARIABLE = "CODEX_CLI_BIN_PATH";

/** Remedy that helps in every case. */
export const USE_ANOTHER = `or use an executable of your own: set ${OVERRIDE_VARIABLE}, or the SDK's option codexPath, to its path`;

/** Returns a description such as `linux x64 (glibc 2.39)`. */
export function describeMachine(host: Host): string {
  const libc = host.libc();
  return `${host.platform} ${host.arch}${libc === null ? "" : ` (${libc})`}`;
}

function managerOf(host: Host): PackageManager | null {
  return packageManagerOf(host.env["npm_config_user_agent"], host.packages.from);
}

/** Returns the remedy for tracers that copy only the files that a program imports. */
function tracingRemedy(target: Target): string {
  return `Next.js: add the files to next.config: outputFileTracingIncludes: { "/**": ["./node_modules/${target.packageName}/**/*"] } (pnpm: "./node_modules/.pnpm/**/node_modules/${target.packageName}/**/*"), and serverExternalPackages: ["@openai/codex"]`;
}

export function unsupportedPlatform(host: Host): CodexCliBinError {
  return new CodexCliBinError({
    code: "UNSUPPORTED_PLATFORM",
    problem: `There is no Codex runtime for ${describeMachine(host)}. There is one for ${targets.map((target) => target.id).join(", ")}.`,
    remedies: ["run on one of these platforms", USE_ANOTHER],
  });
}

/** Returns the error for a platform package that was not found, by the reason that can be seen. */
export function missing(host: Host, target: Target): CodexCliBinError {
  const { from, isBundled, isTraced } = host.packages;
  const wanted = `${target.packageName}@${host.pinnedVersion}`;
  if (isBundled) {
    return new CodexCliBinError({
      code: "BUNDLED",
      problem: `The Codex runtime was not found: ${PACKAGE_NAME} was bundled into ${from ?? "a file that does not exist on disk"}, and ${wanted}, the package with the executable for ${describeMachine(host)}, cannot be found from there.`,
      causes: [
        "a bundler took the code, but an executable cannot be part of a bundle",
        "the program was compiled into one file (bun build --compile, Node single executable)",
        `${target.packageName} is not installed where the program runs (--omit=optional, another platform)`,
      ],
      remedies: [
        `keep @openai/codex and ${PACKAGE_NAME} external to the bundle (esbuild: --external, Next.js: serverExternalPackages), and ship node_modules`,
        `or ship the codex executable beside the program and name it: the SDK's option codexPath, or ${OVERRIDE_VARIABLE}`,
      ],
    });
  }
  const obstacle = host.packages.obstacle(target.packageName);
  if (obstacle !== undefined) {
    return new CodexCliBinError({
      code: "PLATFORM_PACKAGE_MISSING",
      problem: `The Codex runtime for ${describeMachine(host)}, ${wanted}, cannot be found. ${obstacle}`,
      remedies: [`correct that, or install ${wanted} again`, USE_ANOTHER],
    });
  }
  if (isTraced) {
    return new CodexCliBinError({
      code: "NOT_TRACED",
      problem: `The Codex runtime for ${describeMachine(host)} was not deployed: ${wanted} was not found from ${from}. That folder has only the files that a tracer copied, and a tracer does not see the executable, which is started and not imported.`,
      causes: [
        "Next.js (output: standalone), Vercel or another user of @vercel/nft copied the imported files only",
      ],
      remedies: [
        tracingRemedy(target),
        `or copy the folder ${target.packageName} into node_modules after the build. Its executable is larger than some platforms allow for a function`,
        USE_ANOTHER,
      ],
    });
  }
  const problem = `The Codex runtime for ${describeMachine(host)} is not installed: ${wanted} was not found from ${from}.`;
  if (!host.bringsRuntime) {
    return new CodexCliBinError({
      code: "PLATFORM_PACKAGE_MISSING",
      problem: `${problem} This ${PACKAGE_NAME} is from a checkout: its manifest does not name the packages with the executables, which a release adds.`,
      remedies: [
        `install the runtime, too: ${publishedRuntimeAdvice(managerOf(host), target, host.pinnedVersion)}`,
        USE_ANOTHER,
      ],
    });
  }
  return new CodexCliBinError({
    code: "PLATFORM_PACKAGE_MISSING",
    problem: `${problem} It is an optional dependency of ${PACKAGE_NAME}@${host.pinnedVersion}, which is installed.`,
    causes: [
      "the install left optional dependencies out (--omit=optional, --no-optional, or the same in a config file)",
      "the lockfile, or node_modules, was made on another platform",
      "the download failed: a failed optional dependency does not fail an install",
    ],
    remedies: [...reinstallAdvice(managerOf(host), target), USE_ANOTHER],
  });
}

/** @param found the installed package or build, such as `@openai/codex-darwin-arm64`, and the platforms of it. */
export function otherPlatform(
  host: Host,
  target: Target,
  found: { readonly what: string; readonly ids: readonly string[] },
): CodexCliBinError {
  const causes = ["node_modules was copied from another machine, or into a container image"];
  if (found.ids.some((id) => id.startsWith(`${host.platform}-`))) {
    causes.push(
      `Node runs as ${host.arch} here, and ran as another architecture at the install (an emulation such as Rosetta, or a second Node)`,
    );
  }
  if (host.platform === "linux" && found.ids.some((id) => id.startsWith("win32-"))) {
    causes.push("Windows and WSL share the folder: install from within WSL");
  }
  return new CodexCliBinError({
    code: "OTHER_PLATFORM_PACKAGE",
    problem: `The installed Codex runtime is for another platform: found ${found.what}, but ${describeMachine(host)} needs ${target.packageName}@${host.pinnedVersion} (${target.triple}).`,
    causes,
    remedies: [...platformAdvice(managerOf(host), target), USE_ANOTHER],
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
      "an override, a resolution or a stale lockfile keeps one of the packages at another version",
      "an incomplete update left the old package in place",
    ],
    remedies: [...versionAdvice(managerOf(host)), USE_ANOTHER],
  });
}

export function damaged(host: Host, target: Target, reason: string): CodexCliBinError {
  return new CodexCliBinError({
    code: "PACKAGE_DAMAGED",
    problem: `${target.packageName} is installed, but incomplete: ${reason}.`,
    causes: [
      "the download or the unpacking was interrupted",
      "a virus scanner, a bundler or a file tracer removed files from the package",
    ],
    remedies: [
      ...versionAdvice(managerOf(host)).slice(0, 1),
      ...(host.packages.isTraced ? [tracingRemedy(target)] : []),
      USE_ANOTHER,
    ],
  });
}

export function inArchive(target: Target, packageDir: string): CodexCliBinError {
  return new CodexCliBinError({
    code: "IN_ARCHIVE",
    problem: `The Codex runtime is inside an archive, from which nothing can be executed: ${packageDir}.`,
    remedies: [
      `Electron: unpack it, for example asarUnpack: ["**/node_modules/${PLATFORM_PACKAGE_PREFIX}{darwin,linux,win32}-*/**"]`,
      `Yarn PnP: dependenciesMeta: { "${target.packageName}": { "unplugged": true } } in the root package.json`,
      USE_ANOTHER,
    ],
  });
}
