import { type FileScore, toPercent } from "./fileScore.js";
import { isSameSurvivor, type KnownSurvivor, type Survivor } from "./survivor.js";

/** So many percent of the mutants have to be killed, in all. */
export const THRESHOLD_PERCENT = 90;

export interface Verdict {
  /** All of them, with their reasons. */
  readonly survivors: readonly KnownSurvivor[];
  /** Why the command fails; empty when all is well. */
  readonly problems: readonly string[];
}

/** Holds the scores against the threshold, and the survivors against those that have a reason. */
export function judge(scores: readonly FileScore[], known: readonly KnownSurvivor[]): Verdict {
  const survivors = scores.flatMap((score) => score.survivors);
  const percent = toPercent(scores);
  return {
    survivors: survivors.map(
      (survivor) =>
        known.find((candidate) => isSameSurvivor(candidate, survivor)) ?? {
          ...survivor,
          reason: "nobody has found a reason yet.",
        },
    ),
    problems: [
      ...(percent >= THRESHOLD_PERCENT
        ? []
        : [`${percent.toFixed(1)} % of the mutants are killed, below ${THRESHOLD_PERCENT} %.`]),
      ...scores
        .filter(({ killed, survivors: left }) => killed + left.length === 0)
        .map(({ file }) => `${file} has no mutant: has it been moved?`),
      ...survivors
        .filter((survivor) => !known.some((candidate) => isSameSurvivor(candidate, survivor)))
        .map(
          (survivor) =>
            `A new survivor: ${nameOf(survivor)}. Test it, or give the reason in src/survivors.ts.`,
        ),
      ...known
        .filter((candidate) => !survivors.some((survivor) => isSameSurvivor(candidate, survivor)))
        .map(
          (candidate) =>
            `No survivor any more: ${nameOf(candidate)}. Take it out of src/survivors.ts.`,
        ),
    ],
  };
}

/** As an entry of src/survivors.ts, to be copied. */
function nameOf({ file, line, code, mutant }: Survivor): string {
  return JSON.stringify({ file, line, code, mutant });
}
