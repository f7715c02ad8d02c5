// `pnpm lab bench`: figures of the SDK against other programs, measured in the same run.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import type { Group } from "./group.js";
import { channelGroup } from "./groups/channels.js";
import { eventGroups } from "./groups/events.js";
import { lineGroup } from "./groups/lines.js";
import { memoryGroup } from "./groups/memory.js";
import { packageGroups } from "./groups/packages.js";
import { startGroups } from "./groups/starts.js";
import { turnGroups } from "./groups/turns.js";
import { machineFacts } from "./machine.js";
import { NOISE_MARGIN, type Row, rowsTable, toLine, type Verdict, verdictOf } from "./row.js";

const GROUPS: readonly Group[] = [
  ...turnGroups,
  ...startGroups,
  ...eventGroups,
  channelGroup,
  lineGroup,
  memoryGroup,
  ...packageGroups,
];
const reports = fileURLToPath(new URL("../../../../reports", import.meta.url));
const file = join(reports, "bench.json");

interface JudgedRow extends Row {
  readonly verdict: Verdict;
}

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
  },
});
const asked = values.only.flatMap((names) => names.split(","));
const groups = GROUPS.filter(({ name }) => asked.length === 0 || asked.includes(name));
const unknown = asked.filter((name) => !GROUPS.some((group) => group.name === name));
if (unknown.length > 0) {
  const known = GROUPS.map(({ name }) => name).join(", ");
  process.stderr.write(`--only ${unknown.join(",")}: use one of ${known}.\n`);
  process.exitCode = 1;
} else await bench();

async function bench(): Promise<void> {
  const facts = machineFacts();
  for (const [name, fact] of Object.entries(facts)) process.stdout.write(`${name}: ${fact}\n`);
  const rows: Row[] = [];
  for (const [index, { name, duration, measure }] of groups.entries()) {
    process.stdout.write(`${name} (${index + 1} of ${groups.length}, ${duration})\n`);
    // oxlint-disable-next-line no-await-in-loop
    const measured = await measure();
    rows.push(...measured);
    for (const row of measured) process.stdout.write(`  ${toLine(row)}\n`);
  }
  process.stdout.write(`\n${rowsTable(rows)}\n`);
  const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
  await mkdir(reports, { recursive: true });
  const all = { facts, rows: withOthers(judged, asked.length === 0 ? [] : await readRows()) };
  await writeFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
  process.stdout.write(`\nThe same as JSON: ${file}\n`);
  if (!values.check) return;
  const failed = judged.filter(({ verdict }) => verdict === "out of reach");
  const margin = `${NOISE_MARGIN * 100} % (at least 1 ms)`;
  process.stdout.write(`${failed.length} rows are out of reach by more than ${margin}.\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** Returns the rows in the order of the groups; a group that was not measured keeps the rows of before. */
function withOthers<T extends Row>(measured: readonly T[], before: readonly T[]): readonly T[] {
  const groupOf = ({ name }: Row) => name.split(".")[0];
  return GROUPS.flatMap(({ name }) => {
    const rowsOf = (rows: readonly T[]) => rows.filter((row) => groupOf(row) === name);
    return groups.some((group) => group.name === name) ? rowsOf(measured) : rowsOf(before);
  });
}

/** Returns the rows of the last runs; none where there is no file. */
async function readRows(): Promise<readonly JudgedRow[]> {
  try {
    // SAFETY: only this program writes the file.
    return (JSON.parse(await readFile(file, "utf8")) as { rows: readonly JudgedRow[] }).rows;
  } catch {
    return [];
  }
}
