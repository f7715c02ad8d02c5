/** A JavaScript runtime that npm has as a package, to be run without installing it. */
export interface JsRuntime {
  /** As shown: `node 22.12.0`. */
  readonly name: string;
  /** The package, `name@version`. */
  readonly spec: string;
  /** The executable's place in the package. */
  readonly executable: string;
  /** What stands before the script. */
  readonly args: readonly string[];
}

const NODE_PLATFORMS: Readonly<Record<string, string>> = { linux: "linux", win32: "win" };
const BUN_CPUS: Readonly<Record<string, string>> = { x64: "x64", arm64: "aarch64" };

function isWindows(): boolean {
  return process.platform === "win32";
}

/** A Node of npm's `node-<platform>-<cpu>` packages; there are none of today's Nodes for macOS. */
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
    // What it asks for is all that a program of any other runtime has.
    args: ["run", "--allow-all"],
  };
}

/** The Nodes on which all tests of the packages are to pass: the first supported one, and the newest of each line. */
export const SUITE_NODES: readonly JsRuntime[] = ["20.19.0", "22.23.3", "24.21.0"].map(nodeRuntime);

/** Where the built SDK is to work with nothing on stderr: those, the first Node 22 that says nothing, bun and deno. */
export const SMOKE_RUNTIMES: readonly JsRuntime[] = [
  nodeRuntime("20.19.0"),
  nodeRuntime("22.13.0"),
  nodeRuntime("22.23.3"),
  nodeRuntime("24.21.0"),
  bunRuntime("1.4.5"),
  denoRuntime("2.9.6"),
];

/** Those of them that the default test run fetches. */
export const DEFAULT_RUNTIMES: readonly JsRuntime[] = [
  nodeRuntime("22.23.3"),
  nodeRuntime("24.21.0"),
  bunRuntime("1.4.5"),
  denoRuntime("2.9.6"),
];
