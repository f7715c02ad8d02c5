import { type FileScore, toPercent } from "./fileScore.js";
import type { KnownSurvivor } from "./survivor.js";
import { THRESHOLD_PERCENT } from "./verdict.js";

/** The text of docs/mutation.md. */
export function toPage(scores: readonly FileScore[], survivors: readonly KnownSurvivor[]): string {
  const total: FileScore = {
    file: "In all",
    killed: scores.reduce((sum, { killed }) => sum + killed, 0),
    invalid: scores.reduce((sum, { invalid }) => sum + invalid, 0),
    survivors: scores.flatMap((score) => score.survivors),
  };
  return `<!-- Written by \`pnpm mutation\`: do not edit. -->

# Mutation testing

Each mutant is one small fault in the code that must lose no message, such as a condition turned round or a call left out. A mutant is killed when a unit test of its part fails or does not end. The command fails when less than ${THRESHOLD_PERCENT} % are killed, or when a mutant survives that has no reason below.

Mutants that are not valid break the run itself, so they count neither way.

${toTable([...scores, total])}

## Survivors

${survivors.length === 0 ? "There are none." : survivors.map(toEntry).join("\n\n")}
`;
}

/** A Markdown table with its columns in line, as the formatter has it. */
function toTable(scores: readonly FileScore[]): string {
  const rows = scores.map((score) => [
    score.file,
    `${score.killed}`,
    `${score.survivors.length}`,
    `${score.invalid}`,
    `${toPercent([score]).toFixed(1)} %`,
  ]);
  const header = ["File", "Killed", "Survived", "Not valid", "Score"];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (cells: readonly string[], fill = " ") => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return column === 0 ? cell.padEnd(width, fill) : cell.padStart(width, fill);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = toLine(["", ":", ":", ":", ":"], "-");
  return [toLine(header), rule, ...rows.map((row) => toLine(row))].join("\n");
}

function toEntry({ file, line, code, mutant, reason }: KnownSurvivor): string {
  return `In \`${file}\`: ${reason}

\`\`\`diff
  ${line}
- ${code}
+ ${mutant}
\`\`\``;
}
