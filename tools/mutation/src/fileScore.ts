import type { MutantResult } from "@stryker-mutator/api/core";

import { type Survivor, toSurvivor } from "./survivor.js";

/** What became of one file's mutants. */
export interface FileScore {
  /** Below packages/codex/src. */
  readonly file: string;
  /** A test failed, or came to no end. */
  readonly killed: number;
  /** They broke the run itself, or cannot be run: they count neither way. */
  readonly invalid: number;
  readonly survivors: readonly Survivor[];
}

/** Counts the mutants of the file whose text is `source`. */
export function toFileScore(
  file: string,
  source: string,
  mutants: readonly MutantResult[],
): FileScore {
  const withStatus = (...statuses: MutantResult["status"][]) =>
    mutants.filter(({ status }) => statuses.includes(status));
  const killed = withStatus("Killed", "Timeout").length;
  const survivors = withStatus("Survived", "NoCoverage");
  return {
    file,
    killed,
    invalid: mutants.length - killed - survivors.length,
    survivors: survivors.map((mutant) => toSurvivor(file, source, mutant)),
  };
}

/** The killed ones among those that count, in percent; 100 where there are none. */
export function toPercent(scores: readonly FileScore[]): number {
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const survived = scores.reduce((sum, score) => sum + score.survivors.length, 0);
  return killed + survived === 0 ? 100 : (killed / (killed + survived)) * 100;
}
