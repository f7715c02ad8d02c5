import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import type { Host } from "../../src/host.js";
import { targetOf, type Target } from "../../src/targets.js";

/** Makes a folder for one test, which removes it at its end. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "codex-cli-bin-")));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function targetNamed(id: string): Target {
  const [platform = "", arch = ""] = id.split("-");
  const target = targetOf(platform, arch);
  if (target === undefined) {
    throw new Error(`the test names an unknown target: ${id}`);
  }
  return target;
}

/** Version of the packages and machines of the fixtures, unless a test passes another. */
export const PIN = "1.2.3";

export interface PlatformPackageOptions {
  readonly version?: string;
  readonly layout?: "package" | "legacy";
  /** Replaces members of codex-package.json. */
  readonly description?: Readonly<Record<string, unknown>>;
  /** Content of the executable. */
  readonly content?: string;
  readonly mode?: number;
}

/** Writes a platform package, as it is published, into `folder`; returns the path of its manifest. */
export async function writePlatformPackage(
  folder: string,
  target: Target,
  options: PlatformPackageOptions = {},
): Promise<string> {
  const { version = PIN, layout = "package", content = "", mode = 0o755 } = options;
  const vendor = path.join(folder, "vendor", target.triple);
  const binFolder = path.join(vendor, layout === "package" ? "bin" : "codex");
  await mkdir(binFolder, { recursive: true });
  await mkdir(path.join(vendor, layout === "package" ? "codex-path" : "path"));
  const executable = path.join(binFolder, target.executable);
  await writeFile(executable, content);
  await chmod(executable, mode);
  if (layout === "package") {
    const description = {
      layoutVersion: 1,
      version,
      target: target.triple,
      entrypoint: `bin/${target.executable}`,
      pathDir: "codex-path",
      ...options.description,
    };
    await writeFile(path.join(vendor, "codex-package.json"), JSON.stringify(description));
  }
  const manifestPath = path.join(folder, "package.json");
  await writeFile(
    manifestPath,
    JSON.stringify({ name: target.packageName, version, os: [target.os], cpu: [target.cpu] }),
  );
  return manifestPath;
}

/** Makes a machine `<os>-<cpu>` on which the given packages are installed. */
export function hostOf(
  id: string,
  installed: Readonly<Record<string, string>> = {},
  more: Partial<Host> = {},
): Host {
  const [platform = "", arch = ""] = id.split("-");
  return {
    platform,
    arch,
    env: {},
    libc: () => (platform === "linux" ? "glibc 2.39" : null),
    pinnedVersion: PIN,
    bringsRuntime: true,
    packages: {
      from: "/app/own.js",
      isBundled: false,
      isTraced: false,
      obstacle: () => undefined,
      find: (packageName) => installed[packageName],
    },
    ...more,
  };
}

/** Returns what `action` throws, or `undefined`. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
