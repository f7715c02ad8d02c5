import { markdownTable } from "../markdownTable.js";
import type { ScaleFigures, StorageFigures } from "./figures.js";

const MARKS = ["<!-- plan: written by `pnpm lab plan` -->", "<!-- end of the plan -->"] as const;

/** Numbers of threads in the plan. */
const THREADS = [100, 250, 500, 1_000, 2_500, 10_000, 100_000];
/** Turns of a stored thread in the plan. */
const TURNS = 50;

/** Returns the table of runtimes, memory and queue. */
export function toPlanTable(figures: ScaleFigures): string {
  return markdownTable([
    ["loaded threads", "runtimes", "memory", "a turn on each at once", "figures"],
    ...THREADS.map((threads) => {
      const runtimes = Math.ceil(threads / figures.threads);
      const mb = runtimes * figures.runtimeMb + threads * figures.threadMb;
      const seconds = threads / figures.turnsPerSecond;
      return [
        threads.toLocaleString("en-US"),
        runtimes.toLocaleString("en-US"),
        mb < 1_000 ? `${mb.toFixed(0)} MB` : `${(mb / 1_000).toFixed(1)} GB`,
        seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`,
        threads <= figures.threads ? "within the measured range" : "extrapolated",
      ];
    }),
  ]);
}

/** Returns the sentence about storage. */
export function toStorage({ restKb, threadKb, turnKb }: StorageFigures): string {
  const longKb = threadKb + (TURNS - 1) * turnKb;
  return `A stored thread with one short turn takes ${threadKb.toFixed(0)} kB, and each further short turn ${turnKb.toFixed(1)} kB; 1,000 threads of ${TURNS} such turns would take ${longKb.toFixed(0)} MB (extrapolated). Turns with the output of commands take what that output takes, and more. The rest of the home, such as databases, logs and skills, took ${(restKb / 1_000).toFixed(0)} MB at the end of this measurement.`;
}

/** Replaces the plan in the page. */
export function withPlan(page: string, plan: string): string {
  const [start, end] = MARKS.map((mark) => page.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start) {
    throw new Error("docs/guides/containers.md has no marks for the plan.");
  }
  return `${page.slice(0, start + MARKS[0].length)}\n\n${plan}\n\n${page.slice(end)}`;
}
