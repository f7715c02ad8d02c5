import type { ScenarioReport } from "./scenario.js";

/** The summary as lines of text. */
export function toSummary(reports: readonly ScenarioReport[]): string {
  const lines = reports.map(({ name, cases, faults, growth, heapBound, problems }) => {
    const heap = `heap ${show(growth.heapBytes)} of at most ${show(heapBound)}`;
    const state = problems.length === 0 ? "ok" : "NOT OK";
    return `${state}  ${name}: ${count(cases)} cases, ${count(sum(faults))} faults; ${heap}`;
  });
  const problems = reports.flatMap(({ name, problems: found }) =>
    found.map((problem) => `  ${name}: ${problem}`),
  );
  return [...lines, ...problems, totalOf(reports)].join("\n");
}

/** The page of the documentation. */
export function toPage(reports: readonly ScenarioReport[], node: string): string {
  const rows = reports.map(({ name, cases, growth, heapBound, problems }) => [
    name,
    count(cases),
    show(growth.heapBytes),
    show(heapBound),
    `${growth.fileDescriptors}`,
    `${growth.resources.length + growth.processListeners}`,
    problems.length === 0 ? "nothing" : `**${problems.length}**`,
  ]);
  const header = ["what", "cases", "heap", "bound", "descriptors", "handles", "lost or wrong"];
  const faults = reports.flatMap(({ name, faults: kinds }) =>
    Object.entries(kinds).map(([kind, times]) => [name, kind, count(times)]),
  );
  return `<!-- Written by \`pnpm soak\`: do not edit. -->

# Soak

Long runs, in which nothing may be lost and nothing be left: growth of the heap after the collection of
garbage, of file descriptors, and of handles and listeners, measured on Node ${node}. Each scenario has run
warm before the first measurement.

${toTable([header, ...rows])}

The faults that were injected meanwhile:

${toTable([["where", "fault", "times"], ...faults])}

${totalOf(reports)}
`;
}

function totalOf(reports: readonly ScenarioReport[]): string {
  const cases = reports.reduce((total, report) => total + report.cases, 0);
  const faults = reports.reduce((total, report) => total + sum(report.faults), 0);
  const problems = reports.reduce((total, report) => total + report.problems.length, 0);
  const lost = problems === 0 ? "nothing lost, nothing left behind" : `${problems} problems`;
  return `${count(faults)} faults injected, ${count(cases)} cases run, ${lost}.`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, value) => total + value, 0);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function show(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

/** A Markdown table with its columns in line, as the formatter has it. The first row is the header. */
function toTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.map((_, column) => rows.map((row) => row[column] ?? "")) ?? [];
  const widths = columns.map((cells) => Math.max(3, ...cells.map((cell) => cell.length)));
  const lines = rows.map((row) => toLine(row.map((cell, i) => cell.padEnd(widths[i] ?? 0))));
  lines.splice(1, 0, toLine(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
