// `npm test`: installs, builds, and runs all checks and tests. Its last line counts the tests.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { pnpmCommand, run, setUp } from "./pnpm.mjs";

await setUp();
await run("Checking", pnpmCommand(["run", "check"]));

const folder = mkdtempSync(join(tmpdir(), "codex-test-report-"));
const report = join(folder, "report.json");
process.once("exit", () => {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    const skipped = numPendingTests === 0 ? "" : `, ${numPendingTests} skipped`;
    process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed${skipped}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
await run(
  "Testing",
  pnpmCommand(["exec", "vitest", "run", ...reporters, ...process.argv.slice(2)]),
);
