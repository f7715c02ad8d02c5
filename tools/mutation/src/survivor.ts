import type { MutantResult } from "@stryker-mutator/api/core";

/** A mutant that no test finds, named by what it makes of the code, as line numbers do not last. */
export interface Survivor {
  /** Below packages/codex/src. */
  readonly file: string;
  /** The line that the mutant begins in. */
  readonly line: string;
  /** What was replaced. */
  readonly code: string;
  /** What it was replaced by. */
  readonly mutant: string;
}

/** A survivor with the reason why it is left alone. */
export interface KnownSurvivor extends Survivor {
  readonly reason: string;
}

/** Names the mutant of a file with this text. */
export function toSurvivor(file: string, source: string, mutant: MutantResult): Survivor {
  const { start, end } = mutant.location;
  // Lines and columns are counted from 1, and the end is behind the last character.
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const [line = ""] = lines;
  const behind = (lines.at(-1)?.length ?? 0) - (end.column - 1);
  const code = lines.join("\n").slice(start.column - 1, behind === 0 ? undefined : -behind);
  return {
    file,
    line: line.trim(),
    code: inOneLine(code),
    mutant: inOneLine(mutant.replacement),
  };
}

export function isSameSurvivor(a: Survivor, b: Survivor): boolean {
  return a.file === b.file && a.line === b.line && a.code === b.code && a.mutant === b.mutant;
}

function inOneLine(code: string): string {
  return code.trim().replaceAll(/\s+/gu, " ");
}
