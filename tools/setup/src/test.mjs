// `npm test`: installs, builds, runs all checks and the fast tests. `npm test -- --ci` runs the thorough and
// the heavy tests as well, `--all` also the slow ones, and `--slow` all but the fast ones. Other arguments go to vitest. The
// last line of the output counts the tests; a step that fails outside a test counts as one failed test.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { pnpmCommand, run } from "./command.mjs";
import { build, install } from "./setUp.mjs";

const MODES = {
  "--ci": ["fast", "thorough", "heavy"],
  "--all": ["fast", "thorough", "heavy", "slow"],
  "--slow": ["thorough", "heavy", "slow"],
};

const args = process.argv.slice(2);
const mode = args.find((arg) => arg in MODES);
const projects = MODES[mode] ?? ["fast"];
const vitestArgs = args.filter((arg) => arg !== mode);
const total = { passed: 0, failed: 0, skipped: 0 };

const folder = mkdtempSync(join(tmpdir(), "codex-test-report-"));
process.once("exit", () =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
);

if ((await step(install())) && (await step(build()))) {
  if (projects.includes("fast")) await step(run("Checking", pnpmCommand(["run", "check"])));
  for (const project of projects) await runTests(project);
}

const { passed, failed, skipped } = total;
const tail = skipped === 0 ? "" : `, ${skipped} skipped`;
process.stdout.write(`\n${passed} passed, ${failed} failed${tail}\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function step(outcome) {
  const isGood = await outcome;
  if (!isGood) total.failed += 1;
  return isGood;
}

async function runTests(project) {
  const report = join(folder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const command = ["exec", "vitest", "run", "--project", project, ...reporters, ...vitestArgs];
  const isGood = await run(`Testing (${project} tests)`, pnpmCommand(command));
  const { numPassedTests, numFailedTests, numPendingTests } = readReport(report);
  total.passed += numPassedTests;
  total.skipped += numPendingTests;
  // A file that cannot be loaded or an unhandled rejection fails the run without a failed test.
  total.failed += isGood ? numFailedTests : Math.max(1, numFailedTests);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}
