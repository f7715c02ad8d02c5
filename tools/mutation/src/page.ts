import { type FileScore, toPercent } from "./fileScore.js";
import type { KnownSurvivor } from "./survivor.js";
import { THRESHOLD_PERCENT } from "./verdict.js";

/** The text of docs/mutation.md. */
export function toPage(scores: readonly FileScore[], explained: readonly KnownSurvivor[]): string {
  const total: FileScore = {
    file: "In all",
    killed: scores.reduce((sum, { killed }) => sum + killed, 0),
    invalid: scores.reduce((sum, { invalid }) => sum + invalid, 0),
    survivors: scores.flatMap(({ survivors }) => survivors),
  };
  return `# Mutation testing

\`pnpm mutation\` wrote this page.

Each mutant is one small fault in the code, such as a condition turned round or a call left out. A mutant is killed when a unit test of its part fails or does not end. The command fails when less than ${THRESHOLD_PERCENT} % are killed, or when a mutant survives that has no reason below.

Mutants that are not valid break the run itself, so they count neither way.

| File | Killed | Survived | Not valid | Score |
| --- | ---: | ---: | ---: | ---: |
${[...scores, total].map(toRow).join("\n")}

## Survivors

${explained.length === 0 ? "There are none." : explained.map(toEntry).join("\n\n")}
`;
}

function toRow(score: FileScore): string {
  const { file, killed, survivors, invalid } = score;
  return `| ${file} | ${killed} | ${survivors.length} | ${invalid} | ${toPercent([score]).toFixed(1)} % |`;
}

function toEntry({ file, line, code, mutant, reason }: KnownSurvivor): string {
  return `In \`${file}\`: ${reason}

\`\`\`diff
  ${line}
- ${code}
+ ${mutant}
\`\`\``;
}
