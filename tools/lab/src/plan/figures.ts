/** Figures of docs/performance.md that a plan starts from. */
export interface ScaleFigures {
  /** The most threads that were measured on one runtime. */
  readonly threads: number;
  /** Memory of a runtime without threads, in MB: what one thread more takes is taken off that of one thread. */
  readonly runtimeMb: number;
  /** Memory of each loaded thread after its first turn, in MB. */
  readonly threadMb: number;
  /** Turns that end per second with as many threads on the measuring machine; the model responds at once. */
  readonly turnsPerSecond: number;
}

/** Measured need of storage. */
export interface StorageFigures {
  /** Size of a home without its stored threads, at the end of the measurement, in kB. */
  readonly restKb: number;
  /** Size of a stored thread with one short turn, in kB. */
  readonly threadKb: number;
  /** Size of each further short turn, in kB. */
  readonly turnKb: number;
}

const TABLE = /### Threads on one runtime\n[\s\S]*?\n\| -[^\n]*\n((?:\|[^\n]*\n)+)/;

/** Reads the figures of the table that `pnpm lab scale` has written. */
export function readScaleFigures(page: string): ScaleFigures {
  const rows = (TABLE.exec(page)?.[1] ?? "").trim().split("\n").map(toNumbers);
  const [least, most] = [rows.at(0), rows.at(-1)];
  const [one = 0, , oneMb = 0] = least ?? [];
  const [threads = 0, , allMb = 0, , turnsPerSecond = 0] = most ?? [];
  if (!(threads > one && one > 0 && allMb > oneMb && turnsPerSecond > 0)) {
    throw new Error(
      "docs/performance.md has no table of threads on one runtime that a plan can use.",
    );
  }
  const threadMb = (allMb - oneMb) / (threads - one);
  return { threads, runtimeMb: oneMb - one * threadMb, threadMb, turnsPerSecond };
}

function toNumbers(row: string): number[] {
  return row
    .split("|")
    .slice(1, -1)
    .map((cell) => Number.parseFloat(cell.replaceAll(",", "")));
}
