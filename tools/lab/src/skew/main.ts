// `pnpm lab skew [version ...]`: the SDK with published runtimes of other versions; writes docs/skew.md
// when no version is given.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { cellOf, toPage } from "./page.js";
import { type SkewResult, testPublished } from "./runTests.js";
import { SKEW_VERSIONS } from "./versions.js";

const page = fileURLToPath(new URL("../../../../docs/skew.md", import.meta.url));
const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : SKEW_VERSIONS;

const results = new Map<string, readonly SkewResult[]>();
for (const [index, version] of versions.entries()) {
  process.stdout.write(`\n${version} (${index + 1} of ${versions.length}): downloading\n`);
  // One after the other: each takes several hundred megabytes on the disk.
  // oxlint-disable-next-line no-await-in-loop
  const found = await testPublished(version);
  results.set(version, found);
  for (const { feature, failure, isRequired } of found) {
    process.stdout.write(`  ${cellOf(failure).padEnd(24)} ${feature}\n`);
    if (failure === null || !isRequired) continue;
    process.stderr.write(`${version}: ${feature}: ${failure}\n`);
    process.exitCode = 1;
  }
}
if (asked.length === 0) {
  await writeFile(page, toPage(results));
  process.stdout.write(`\nWrote docs/skew.md: ${results.size} runtimes.\n`);
}
