// The lines that changesets writes into the changelogs, for `pnpm release bump`.

/** One note: its first line as a list item, the rest indented below. */
export async function getReleaseLine({ summary }) {
  const [first, ...rest] = summary.split("\n").map((line) => line.trimEnd());
  return [`- ${first}`, ...rest.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
}

/** The packages always move together, so "Updated dependencies" would be in each release without a meaning. */
export async function getDependencyReleaseLine() {
  return "";
}
