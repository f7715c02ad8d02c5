// `pnpm skew`: the SDK at its pin against published runtimes of other versions; writes docs/skew.md.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { wordOf } from "./outcome.js";
import { coreFeatures, probePublished, type SkewResult } from "./probeRuntime.js";
import { toPage } from "./skewTable.js";
import { SKEW_VERSIONS } from "./versions.js";

const page = fileURLToPath(new URL("../../../docs/skew.md", import.meta.url));
const asked = process.argv.slice(2);

const results: SkewResult[] = [];
for (const version of asked.length > 0 ? asked : SKEW_VERSIONS) {
  process.stdout.write(`\n${version}\n`);
  // One after the other: each is several hundred megabytes on the disk.
  // oxlint-disable-next-line no-await-in-loop
  const result = await probePublished(version);
  results.push(result);
  for (const [feature, outcome] of Object.entries(result.outcomes)) {
    process.stdout.write(`  ${feature.padEnd(14)} ${wordOf(outcome)}\n`);
  }
}

const failures = results.flatMap(({ version, outcomes }) =>
  Object.entries(outcomes).flatMap(([feature, outcome]) => {
    const isWell = outcome.kind === "ok";
    const isLacking = outcome.kind !== "fault" && !coreFeatures.includes(feature);
    return isWell || isLacking ? [] : [`${version} ${feature}: ${wordOf(outcome)}`];
  }),
);
if (asked.length === 0) {
  await writeFile(page, toPage(results));
  process.stdout.write(`\nWrote docs/skew.md: ${results.length} runtimes.\n`);
}
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
