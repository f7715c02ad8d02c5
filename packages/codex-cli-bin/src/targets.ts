/** npm name of this package. */
export const PACKAGE_NAME = "@openai/codex-cli-bin";

/**
 * Start of the name of every platform package. Programs that run the published CLI look for
 * `@openai/codex-<os>-<cpu>`, so the SDK keeps these names (docs/adr/platform-package-names.md).
 */
export const PLATFORM_PACKAGE_PREFIX = "@openai/codex-";

interface Row {
  readonly os: "linux" | "darwin" | "win32";
  readonly cpu: "x64" | "arm64";
  readonly triple: string;
  readonly executable: "codex" | "codex.exe";
}

// The one table of platforms: the lookup, the staging of the platform packages and the tests read it. The
// Linux builds are static (musl), so one package serves glibc and musl, and has no `libc` field.
const rows = [
  { os: "darwin", cpu: "arm64", triple: "aarch64-apple-darwin", executable: "codex" },
  { os: "darwin", cpu: "x64", triple: "x86_64-apple-darwin", executable: "codex" },
  { os: "linux", cpu: "arm64", triple: "aarch64-unknown-linux-musl", executable: "codex" },
  { os: "linux", cpu: "x64", triple: "x86_64-unknown-linux-musl", executable: "codex" },
  { os: "win32", cpu: "arm64", triple: "aarch64-pc-windows-msvc", executable: "codex.exe" },
  { os: "win32", cpu: "x64", triple: "x86_64-pc-windows-msvc", executable: "codex.exe" },
] as const satisfies readonly Row[];

/** Platform that the Codex runtime is built for. */
export interface Target extends Row {
  /** `<os>-<cpu>`, as in the package's name and in the version suffix of the published CLI's builds. */
  readonly id: `${Row["os"]}-${Row["cpu"]}`;
  /** npm package that contains the runtime of this platform. */
  readonly packageName: `${typeof PLATFORM_PACKAGE_PREFIX}${Row["os"]}-${Row["cpu"]}`;
}

/** Returns the npm package that contains the runtime of a platform, named as Node names os and cpu. */
export function packageNameOf(target: Pick<Target, "os" | "cpu">): Target["packageName"] {
  return `${PLATFORM_PACKAGE_PREFIX}${target.os}-${target.cpu}`;
}

/** Every platform that the Codex runtime is built for, sorted by id. */
export const targets: readonly Target[] = rows.map((row) => ({
  ...row,
  id: `${row.os}-${row.cpu}`,
  packageName: packageNameOf(row),
}));

/** Returns the target of `process.platform` and `process.arch`, or `undefined` if there is no build. */
export function targetOf(platform: string, arch: string): Target | undefined {
  return targets.find((target) => target.os === platform && target.cpu === arch);
}
