import type { Outcome } from "./outcome.js";
import { coreFeatures, features, type SkewResult } from "./probeRuntime.js";

/** The page of the documentation: a row for each version, a column for each feature. */
export function toPage(results: readonly SkewResult[]): string {
  const header = ["runtime", ...features];
  const rows = results.map(({ version, outcomes }) => [
    version,
    ...features.map((feature) => cellOf(outcomes[feature])),
  ]);
  const remarks = results.flatMap(({ version, outcomes }) =>
    Object.entries(outcomes).flatMap(([feature, outcome]) =>
      outcome.kind === "ok" ? [] : [[version, feature, firstWords(outcome.message)]],
    ),
  );
  return `<!-- Written by \`pnpm skew\`: do not edit. -->

# Other runtimes than the pinned one

The SDK is made for one version of the Codex runtime: \`codex.metadata.pinnedVersion\`. With \`codexPath\`
or over a WebSocket it may meet another one. \`codex.metadata.serverInfo.version\` says which, \`onDiagnostic\`
is told once (\`versionMismatch\`), and all goes on. What that runtime does not know is refused with a
typed error, whose \`code\` stands in the table; where that runtime does something in another way, and the
SDK hands it on, it says \`differs\`.

Each of these published runtimes was run under the SDK with a scripted model. The first
${coreFeatures.length} features have to work on all of them.

${toTable([header, ...rows])}

## What is not as with the pin

${toTable([["runtime", "feature", "what came"], ...remarks])}
`;
}

function cellOf(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case "ok":
      return "ok";
    case "refused":
      return `\`${outcome.code}\``;
    case "differs":
      return "differs";
    default:
      return "**fault**";
  }
}

/** The runtime's message without its list of all that it does know. */
function firstWords(message: string): string {
  return message.replace(/, expected one of .*(?=\(JSON-RPC)/u, " ").replaceAll("|", "\\|");
}

/** A Markdown table with its columns in line, as the formatter has it. The first row is the header. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? "")) ?? [];
  const widths = columns.map((cells) => Math.max(3, ...cells.map((cell) => cell.length)));
  const lines = rows.map((row) => toLine(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  lines.splice(1, 0, toLine(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
