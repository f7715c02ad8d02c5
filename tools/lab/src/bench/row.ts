import { markdownTable } from "../markdownTable.js";

/** Limit of a row's value. */
export interface Reach {
  readonly kind: "atMost" | "atLeast";
  readonly value: number;
}

/** One line of the table. */
export interface Row {
  /** Name for `--only` and the JSON, such as `turn.bareClient`. */
  readonly name: string;
  /** Measured quantity, and the parties that are compared. */
  readonly what: string;
  readonly value: number;
  /** `x` for a ratio. */
  readonly unit: "x" | "ms" | "kB" | "";
  /** Limit, or null for a row that is only reported. */
  readonly reach: Reach | null;
  /** The measured figures. */
  readonly detail: string;
}

/** Part of a limit by which a value may exceed it before `--check` fails. */
export const NOISE_MARGIN = 0.1;
/** Smallest margin of a limit in milliseconds. */
const NOISE_MS = 1;

/** Row's place relative to its limit. `noise` is beyond the limit and within the margin. */
export type Verdict = "ok" | "noise" | "out of reach" | "measured";

/** Compares a row with its limit. */
export function verdictOf({ value, reach, unit }: Row): Verdict {
  if (reach === null) return "measured";
  if (Number.isNaN(value)) return "out of reach";
  const over = reach.kind === "atMost" ? value - reach.value : reach.value - value;
  if (over <= 0) return "ok";
  const margin = Math.max(reach.value * NOISE_MARGIN, unit === "ms" ? NOISE_MS : 0);
  return over <= margin ? "noise" : "out of reach";
}

/** Returns the rows as a table. */
export function rowsTable(rows: readonly Row[]): string {
  const header = ["row", "value", "reach", "verdict", "what", "figures"];
  const lines = rows.map((row) => [
    row.name,
    show(row.value, row.unit),
    row.reach === null
      ? "-"
      : `${row.reach.kind === "atMost" ? "≤" : "≥"} ${show(row.reach.value, row.unit)}`,
    verdictOf(row),
    row.what,
    row.detail,
  ]);
  return markdownTable([header, ...lines]);
}

/** Returns a row as a line, for the progress of a run. */
export function toLine(row: Row): string {
  return `${row.name}: ${show(row.value, row.unit)} (${verdictOf(row)}), ${row.detail}`;
}

function show(value: number, unit: Row["unit"]): string {
  const digits = unit === "x" ? 2 : unit === "ms" ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`.trim();
}

/** Shows milliseconds. */
export function ms(value: number | undefined): string {
  return `${(value ?? Number.NaN).toFixed(1)} ms`;
}

/** Shows bytes in MB. */
export function mb(value: number | undefined): string {
  return `${((value ?? Number.NaN) / 1e6).toFixed(1)} MB`;
}

/** Shows a number in thousands. */
export function thousands(value: number): string {
  return `${Math.round(value / 1000)},000`;
}
