import { markdownTable } from "../markdownTable.js";
import type { SkewResult } from "./runTests.js";

/** Results by the runtime's version, in the order of the columns. */
export type ResultsByVersion = ReadonlyMap<string, readonly SkewResult[]>;

/** Returns the text of docs/skew.md: a row for each feature, a column for each version. */
export function toPage(results: ResultsByVersion): string {
  const versions = [...results.keys()];
  const features = [...results.values()][0] ?? [];
  const rows = features.map(({ feature }) => [
    feature,
    ...versions.map((version) => {
      const result = results.get(version)?.find((candidate) => candidate.feature === feature);
      return cellOf(result?.failure);
    }),
  ]);
  const failures = [...results].flatMap(([version, found]) =>
    found.flatMap(({ feature, failure }) =>
      failure === null ? [] : [[version, feature, firstWords(failure)]],
    ),
  );
  return `<!-- Written by \`pnpm lab skew\`: do not edit. -->

# Other runtimes than the pinned one

The SDK is made for one version of the Codex runtime: \`codex.metadata.pinnedVersion\`. With \`codexPath\`
or over a WebSocket it may connect to another one. \`codex.metadata.serverInfo.version\` has that version,
\`onDiagnostic\` receives one \`versionMismatch\`, and the SDK continues. What the runtime does not know fails
with a typed error, whose class is in the table; \`differs\` marks what the runtime does in another way.

The integration tests in \`${"packages/codex/test/integration/anyRuntime"}\` ran on each of these published runtimes. The
first ${features.filter(({ isRequired }) => isRequired).length} pass on all of them.

${markdownTable([["feature", ...versions], ...rows])}

## Differences from the pinned runtime

${failures.length === 0 ? "None." : markdownTable([["runtime", "feature", "failure"], ...failures])}
`;
}

/** Returns the outcome in a word: `ok`, the class of the SDK's error, or `differs`. */
export function cellOf(failure: string | null | undefined): string {
  if (failure === null) return "ok";
  const name = /^(\w+Error)\b/u.exec(failure ?? "")?.[1];
  return name === undefined || name === "AssertionError" ? "differs" : `\`${name}\``;
}

/** Removes the runtime's list of everything that it does know. */
function firstWords(failure: string): string {
  return failure.replace(/, expected one of .*(?=\(JSON-RPC)/u, " ").replaceAll("|", "\\|");
}
