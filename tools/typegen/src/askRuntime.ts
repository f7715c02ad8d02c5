import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { type FileTree, readTree } from "./fileTree.js";
import { GenerationError } from "./generationError.js";

const run = promisify(execFile);

/** A runtime describes its protocol in a fraction of a second; one that hangs is stopped. */
const RUNTIME_TIMEOUT_MS = 60_000;

/** Protocol as a runtime describes it. The experimental trees are supersets of the stable ones. */
export interface ProtocolDescription {
  readonly runtimeVersion: string;
  readonly stableTypes: FileTree;
  readonly experimentalTypes: FileTree;
  readonly stableSchemas: FileTree;
  readonly experimentalSchemas: FileTree;
}

/**
 * Asks the runtime at `codexPath` for its protocol, in scratch folders that are removed again.
 *
 * @throws GenerationError `RUNTIME_FAILED` if it cannot be run, `RUNTIME_VERSION_MISMATCH` if
 * `expectedVersion` is given and the runtime is another.
 */
export async function askRuntime(
  codexPath: string,
  expectedVersion?: string,
): Promise<ProtocolDescription> {
  const scratch = await mkdtemp(join(tmpdir(), "codex-typegen-"));
  try {
    const home = join(scratch, "home");
    await mkdir(home);
    const runtimeVersion = await readRuntimeVersion(codexPath, home);
    if (expectedVersion !== undefined && runtimeVersion !== expectedVersion) {
      throw new GenerationError(
        "RUNTIME_VERSION_MISMATCH",
        `The runtime at ${codexPath} is version ${runtimeVersion}, but the pinned version is ${expectedVersion}. Run \`pnpm install\` to get the pinned runtime, and see that CODEX_CLI_BIN_PATH does not point to another one.`,
      );
    }
    const describe = async (command: string, flags: readonly string[]): Promise<FileTree> => {
      const out = join(scratch, [command, ...flags].join(""));
      await mkdir(out);
      await runCodex(codexPath, home, ["app-server", command, "--out", out, ...flags]);
      return readTree(out);
    };
    return {
      runtimeVersion,
      stableTypes: await describe("generate-ts", []),
      experimentalTypes: await describe("generate-ts", ["--experimental"]),
      stableSchemas: await describe("generate-json-schema", []),
      experimentalSchemas: await describe("generate-json-schema", ["--experimental"]),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function readRuntimeVersion(codexPath: string, home: string): Promise<string> {
  const output = await runCodex(codexPath, home, ["--version"]);
  const version = /^\S+ (\d+\.\d+\.\d+\S*)\s*$/.exec(output)?.[1];
  if (version === undefined) {
    throw new GenerationError(
      "RUNTIME_FAILED",
      `${codexPath} --version answered ${JSON.stringify(output)}, which holds no version. Is it the Codex runtime?`,
    );
  }
  return version;
}

async function runCodex(codexPath: string, home: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(codexPath, args, {
      // A home of its own: the user's configuration must not shape the output.
      env: { ...process.env, CODEX_HOME: home },
      timeout: RUNTIME_TIMEOUT_MS,
    });
    return stdout;
  } catch (cause) {
    throw new GenerationError(
      "RUNTIME_FAILED",
      `\`${[codexPath, ...args].join(" ")}\` failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
