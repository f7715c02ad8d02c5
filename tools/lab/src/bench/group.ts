import type { Medians } from "./interleave.js";
import type { Row } from "./row.js";

/** Rows that are measured together. */
export interface Group {
  /** First part of its rows' names. */
  readonly name: string;
  /** Usual duration on two quiet cores. */
  readonly duration: string;
  measure(): Promise<readonly Row[]>;
}

/** Returns a measure of a party. */
export function valueOf(
  medians: ReadonlyMap<string, Medians>,
  party: string,
  measure: string,
): number {
  return medians.get(party)?.[measure] ?? Number.NaN;
}
