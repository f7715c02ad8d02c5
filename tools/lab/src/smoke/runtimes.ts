/** JavaScript runtime that is published as an npm package. */
export interface JsRuntime {
  /** Name for output: `node 22.12.0`. */
  readonly name: string;
  /** Package, `name@version`. */
  readonly spec: string;
  /** Path of the executable in the package. */
  readonly executable: string;
  /** Arguments before the script. */
  readonly args: readonly string[];
}

const NODE_PLATFORMS: Readonly<Record<string, string>> = { linux: "linux", win32: "win" };
const BUN_CPUS: Readonly<Record<string, string>> = { x64: "x64", arm64: "aarch64" };

function isWindows(): boolean {
  return process.platform === "win32";
}

/** Returns a Node of npm's `node-<platform>-<cpu>` packages. Current versions for macOS are not published. */
export function nodeRuntime(version: string): JsRuntime {
  const platform = NODE_PLATFORMS[process.platform] ?? process.platform;
  return {
    name: `node ${version}`,
    spec: `node-${platform}-${process.arch}@${version}`,
    executable: isWindows() ? "bin/node.exe" : "bin/node",
    args: [],
  };
}

function bunRuntime(version: string): JsRuntime {
  const platform = isWindows() ? "windows" : process.platform;
  return {
    name: `bun ${version}`,
    spec: `@oven/bun-${platform}-${BUN_CPUS[process.arch] ?? process.arch}@${version}`,
    executable: isWindows() ? "bin/bun.exe" : "bin/bun",
    args: ["run"],
  };
}

function denoRuntime(version: string): JsRuntime {
  const libc = process.platform === "linux" ? "-glibc" : "";
  return {
    name: `deno ${version}`,
    spec: `@deno/${process.platform}-${process.arch}${libc}@${version}`,
    executable: isWindows() ? "deno.exe" : "deno",
    // Programs of the other runtimes have all of these permissions.
    args: ["run", "--allow-all"],
  };
}

/** Nodes on which all tests have to pass: the oldest supported one, and the newest of each release line. */
export const SUITE_NODES: readonly JsRuntime[] = ["20.19.0", "22.23.3", "24.21.0"].map(nodeRuntime);

/** Runtimes on which the built SDK works and prints nothing on stderr. Node 22.13.0 is the first 22 that prints no warning for `require()` of ESM. */
export const SMOKE_RUNTIMES: readonly JsRuntime[] = [
  nodeRuntime("20.19.0"),
  nodeRuntime("22.13.0"),
  nodeRuntime("22.23.3"),
  nodeRuntime("24.21.0"),
  bunRuntime("1.4.5"),
  denoRuntime("2.9.6"),
];

/** Deno whose Jupyter kernel runs the notebook. */
export const NOTEBOOK_DENO: JsRuntime = denoRuntime("2.9.6");

/** Runtimes of the slow tests. */
export const DEFAULT_RUNTIMES: readonly JsRuntime[] = [
  nodeRuntime("22.23.3"),
  nodeRuntime("24.21.0"),
  bunRuntime("1.4.5"),
  denoRuntime("2.9.6"),
];
