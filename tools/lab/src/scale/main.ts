// `pnpm lab scale`: cost over threads, runtimes, turns and deltas; writes docs/performance.md. With
// --short, small sizes that write nothing.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { machineFacts } from "../bench/machine.js";
import { measureDeltas } from "./deltas.js";
import { type BenchReport, type ScaleReport, toPage, toTables } from "./page.js";
import { FULL_SIZE, SHORT_SIZE } from "./size.js";
import { measureRuntimes, measureThreads } from "./threads.js";
import { measureTurns } from "./turns.js";

const root = new URL("../../../../", import.meta.url);
const benchFile = fileURLToPath(new URL("reports/bench.json", root));
const page = fileURLToPath(new URL("docs/performance.md", root));

const isShort = process.argv.includes("--short");
// Read first: a page without it would be half a page, after minutes of measuring.
const bench = isShort ? undefined : await readBench();
const size = isShort ? SHORT_SIZE : FULL_SIZE;
const { machine = "", system = "", node = "" } = machineFacts();

const report: ScaleReport = {
  facts: { machine, system, node },
  deltas: await each("deltas", size.deltas, measureDeltas),
  turns: await measureTurns(size.turns),
  threads: await each("threads", size.threads, measureThreads),
  runtimes: await each("runtimes", size.runtimes, (runtimes) =>
    measureRuntimes(runtimes, size.threadsShared),
  ),
};
if (bench !== undefined) await writeFile(page, toPage(report, bench));
process.stdout.write(`\n${toTables(report)}\n`);

/** Measures one size after the other: each takes the whole machine. */
async function each<T>(
  unit: string,
  sizes: readonly number[],
  measure: (size: number) => Promise<T>,
): Promise<readonly T[]> {
  const measured: T[] = [];
  for (const value of sizes) {
    process.stdout.write(`${value} ${unit}\n`);
    // oxlint-disable-next-line no-await-in-loop
    measured.push(await measure(value));
  }
  return measured;
}

async function readBench(): Promise<BenchReport> {
  try {
    // SAFETY: only `pnpm bench` writes this file, in this form.
    return JSON.parse(await readFile(benchFile, "utf8")) as BenchReport;
  } catch (error) {
    throw new Error(`${benchFile} cannot be read; run pnpm bench first.`, { cause: error });
  }
}
