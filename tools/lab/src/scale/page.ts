import { CODEX_VERSION } from "@openai/codex";

import { type Row, rowsTable } from "../bench/row.js";
import { markdownTable } from "../markdownTable.js";
import type { DeltasScale } from "./deltas.js";
import type { RuntimesScale, ThreadsScale } from "./threads.js";
import type { TurnsScale } from "./turns.js";

/** Facts of a run, such as the machine and the versions. */
export type Facts = Readonly<Record<string, string>>;

/** Results of all measurements. */
export interface ScaleReport {
  readonly facts: Facts;
  readonly threads: readonly ThreadsScale[];
  readonly runtimes: readonly RuntimesScale[];
  readonly turns: readonly TurnsScale[];
  readonly deltas: readonly DeltasScale[];
}

/** Results of the last `pnpm bench`. */
export interface BenchReport {
  readonly facts: Facts;
  readonly rows: readonly Row[];
}

/** Width of the longest bar, in characters. */
const BAR = 20;

/** Returns the text of docs/performance.md. */
export function toPage(scale: ScaleReport, bench: BenchReport): string {
  return `<!-- Written by \`pnpm lab scale\`: do not edit. -->

# Performance

The scripted model responds at once, so that these figures show the SDK and the runtime alone. They are of one
machine; \`pnpm bench\` and \`pnpm lab scale\` measure yours.

## Against other programs

Each value is a ratio of medians that were measured in the same run, turn about. \`pnpm bench\` measures the
rows; \`pnpm bench --only <group>\` measures those of a group anew.

${factsList(withoutPin(bench.facts))}

${rowsTable(bench.rows)}

\`…bareClient\` and the rows of events and lines compare with the least that a client does: spawn the runtime,
split lines, call \`JSON.parse\` and resolve ids. Memory of a process tree is the proportional set size, in which
pages that processes share count once.

## Cost of scale

${factsList(scale.facts)}

${toTables(scale)}

## A host with many threads

${toPlan(scale)}
`;
}

/** Returns the measurements as tables. */
export function toTables({ threads, runtimes, turns, deltas }: ScaleReport): string {
  const fastest = Math.max(...threads.map(({ turnsPerSecond }) => turnsPerSecond));
  return `### Threads on one runtime

A turn on each thread at once. The runtime's memory is measured with idle threads, and after their first turn.

${markdownTable([
  ["threads", "runtime, idle", "runtime, after a turn", "heap of the SDK", "turns per second", ""],
  ...threads.map((row) => [
    count(row.threads),
    mb(row.runtimeBytes),
    mb(row.runtimeBytesAfter),
    mb(row.sdkBytes),
    row.turnsPerSecond.toFixed(1),
    "█".repeat(Math.max(1, Math.round((row.turnsPerSecond / fastest) * BAR))),
  ]),
])}

### The same threads on several runtimes

${markdownTable([
  ["runtimes", "threads in all", "memory of the runtimes", "turns per second"],
  ...runtimes.map((row) => [
    count(row.runtimes),
    count(row.threads),
    mb(row.runtimeBytes),
    row.turnsPerSecond.toFixed(1),
  ]),
])}

### Length of a thread

${markdownTable([
  ["turns before", "time of a turn"],
  ...turns.map((row) => [count(row.turns), `${row.turnMs.toFixed(0)} ms`]),
])}

### Length of a turn

Text deltas of one turn, which another process writes as fast as the pipe takes them, through \`run()\`.

${markdownTable([
  ["deltas", "events per second", "heap held after the turn"],
  ...deltas.map((row) => [
    count(row.deltas),
    count(Math.round(row.eventsPerSecond)),
    mb(row.heldBytes),
  ]),
])}`;
}

function toPlan({ threads, runtimes }: ScaleReport): string {
  const [least, most] = [threads.at(0), threads.at(-1)];
  const [one, several] = [runtimes.at(0), runtimes.at(-1)];
  if (least === undefined || most === undefined) return "";
  const others = most.threads - least.threads;
  const idle = (most.runtimeBytes - least.runtimeBytes) / others;
  const used = (most.runtimeBytesAfter - least.runtimeBytesAfter) / others;
  const seconds = most.threads / most.turnsPerSecond;
  const another =
    one === undefined || several === undefined
      ? 0
      : (several.runtimeBytes - one.runtimeBytes) / (several.runtimes - one.runtimes);
  return `- A runtime takes ${mb(least.runtimeBytes)} with its first thread. Each further thread takes ${mb(idle)} while idle
  and ${mb(used)} after its first turn; the SDK's part of that is ${kb(most.sdkBytes / most.threads)}.
- ${count(most.threads)} threads on one runtime took ${mb(most.runtimeBytesAfter)}, and a turn on each, all started at once, ${seconds.toFixed(0)} s.
  The turns share the processors, so that more turns at once take longer and do not fail. Bound them with a
  queue of your own when each must end in time.
- A further runtime for the same threads takes ${mb(another)}. Use one for each tenant, to keep homes, logins and
  environments apart ([many users](guides/many-users.md)).
- Memory is the limit that comes first: call \`thread.unload()\` for a thread that nobody uses. It stays stored, and
  \`codex.resumeThread(id)\` brings it back.
- A client sends at most \`maxInFlightRequests\` requests at once; others wait in order.`;
}

/** The pinned version stands in the manifests only; a page that repeats it would be wrong after a bump. */
function withoutPin(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== CODEX_VERSION));
}

function factsList(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, fact]) => `- ${name}: ${fact}`)
    .join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function mb(bytes: number): string {
  return `${Math.max(0, bytes / 1e6).toFixed(1)} MB`;
}

function kb(bytes: number): string {
  return `${(bytes / 1e3).toFixed(0)} kB`;
}
