import { markdownTable } from "../markdownTable.js";
import type { ScenarioReport } from "./scenario.js";

/** Returns the summary as lines of text. */
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

/** Returns the text of docs/soak.md. */
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
  return `<!-- Written by \`pnpm lab soak\`: do not edit. -->

# Soak

Long runs in which no message may be lost and nothing may be left behind: growth of the heap after garbage
collection, of file descriptors, and of handles and listeners, measured on Node ${node}. Each scenario is
warmed up before the first measurement.

${markdownTable([header, ...rows])}

Faults injected during the runs:

${markdownTable([["where", "fault", "times"], ...faults])}

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
