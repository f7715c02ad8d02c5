import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { fetchPackage } from "@codex-tools/npm";
import { collect } from "@codex-tools/process";
import { type Target, targetOf } from "@openai/codex-cli-bin/targets";

import { findExecutable } from "./runtimeExecutable.js";

/** Published package of the runtime. Its builds for a platform are versions with a suffix. */
const PUBLISHED_NAME = "@openai/codex";
const TESTS = "packages/codex/test/integration/anyRuntime";
const cwd = fileURLToPath(new URL("../../../..", import.meta.url));

/** Result of one test on one runtime. */
export interface SkewResult {
  /** Title of the test. */
  readonly feature: string;
  /** True if the test has to pass on every runtime. */
  readonly isRequired: boolean;
  /** Message of the failure, or null when the test passed. */
  readonly failure: string | null;
}

/** Members of vitest's JSON report that are read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Downloads a published runtime, runs the tests on it, and deletes it again. */
export async function testPublished(version: string): Promise<readonly SkewResult[]> {
  const target = thisTarget();
  const folder = await mkdtemp(join(tmpdir(), "codex-skew-"));
  try {
    const unpacked = await fetchPackage(`${PUBLISHED_NAME}@${version}-${target.id}`, folder);
    const report = join(folder, "report.json");
    const args = ["run", "--project", "fast", "--reporter=json", `--outputFile=${report}`, TESTS];
    const env = { ...process.env, CODEX_CLI_BIN_PATH: await findExecutable(unpacked, target) };
    const vitest = [process.execPath, "node_modules/vitest/vitest.mjs"] as const;
    const { stdout, stderr } = await collect(vitest, args, { cwd, env });
    const text = await readFile(report, "utf8").catch(() => {
      throw new Error(`vitest wrote no report for ${version}:\n${stdout}${stderr}`);
    });
    return toResults(JSON.parse(text));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Reads the results from vitest's JSON report. */
export function toResults({ testResults }: Report): readonly SkewResult[] {
  return testResults
    .toSorted((left, right) => (left.name > right.name ? -1 : 1))
    .flatMap(({ name, message, assertionResults }) => {
      if (assertionResults.length === 0) throw new Error(`${name} has no tests: ${message ?? ""}`);
      const isRequired = basename(name).startsWith("required");
      return assertionResults.map(({ title, status, failureMessages }) => ({
        feature: title,
        isRequired,
        failure: status === "passed" ? null : firstLine(failureMessages?.[0] ?? status),
      }));
    });
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

function thisTarget(): Target {
  const target = targetOf(process.platform, process.arch);
  if (target !== undefined) return target;
  throw new Error(`There is no runtime for ${process.platform}-${process.arch}.`);
}
