// `pnpm lab soak`: long runs of the SDK; writes docs/soak.md. With --short, smaller runs that write nothing.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { soakManyTurns } from "./manyTurns.js";
import { soakRealRuntime } from "./realRuntime.js";
import { toPage, toSummary } from "./report.js";
import { FULL_SIZE, type ScenarioReport, SHORT_SIZE } from "./scenario.js";
import { soakStartAndClose } from "./startAndClose.js";
import { soakUnreadTurn } from "./unreadTurn.js";

const page = fileURLToPath(new URL("../../../../docs/soak.md", import.meta.url));
const isShort = process.argv.includes("--short");
const size = isShort ? SHORT_SIZE : FULL_SIZE;

const scenarios: readonly (() => Promise<ScenarioReport>)[] = [
  () => soakStartAndClose(size.fakeCycles),
  () => soakRealRuntime(size.realCycles),
  () => soakManyTurns(size.turns),
  () => soakUnreadTurn(size.deltas),
];

const reports: ScenarioReport[] = [];
for (const scenario of scenarios) {
  // One after the other: each measures the whole process.
  // oxlint-disable-next-line no-await-in-loop
  reports.push(await scenario());
}
if (!isShort) await writeFile(page, toPage(reports, process.version));
process.stdout.write(`${toSummary(reports)}\n`);
process.exitCode = reports.every(({ problems }) => problems.length === 0) ? 0 : 1;
