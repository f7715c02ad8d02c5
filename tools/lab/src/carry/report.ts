import { markdownTable } from "../markdownTable.js";

/** A point of the conversation at which a host and its runtime were killed. */
export interface KilledPoint {
  /** Number of things that the host had done with the open thread. */
  readonly steps: number;
  /** The last of them: a notification, or the begin or end of a call. */
  readonly last: string;
  /** The difference between the history that the next host found and what was shown; `undefined` for none. */
  readonly fault: string | undefined;
}

/** Returns the summary as lines of text. */
export function toSummary(points: readonly KilledPoint[]): string {
  const faults = points.flatMap(({ steps, last, fault }) =>
    fault === undefined ? [] : [`  killed at step ${steps} (${last}): ${fault}`],
  );
  return [...faults, totalOf(points)].join("\n");
}

/** Returns the text of docs/carry.md. */
export function toPage(points: readonly KilledPoint[], node: string): string {
  const byLast = new Map<string, KilledPoint[]>();
  for (const point of points) byLast.set(point.last, [...(byLast.get(point.last) ?? []), point]);
  const rows = Array.from(byLast, ([last, those]) => [
    `\`${last}\``,
    `${those.length}`,
    `${those.filter(({ fault }) => fault === undefined).length}`,
  ]);
  const header = ["the last that the host saw", "killed", "continued"];
  return `<!-- Written by \`pnpm lab carry\`: do not edit. -->

# Threads that outlive their host

One conversation, whose host and runtime are killed (SIGKILL) at ${points.length} points of it, on Node ${node}. After
each kill the home is deleted; the next host continues from a \`fileThreadStore\` in a home of its own, whose
configuration has another sandbox. It must find the same thread id, the sandbox of the thread, and a history
equal to the last turn that ended: each turn that was shown to a caller, and none that had not ended.

${markdownTable([header, ...rows])}

${totalOf(points)}
`;
}

function totalOf(points: readonly KilledPoint[]): string {
  const continued = points.filter(({ fault }) => fault === undefined).length;
  return `${continued} of ${points.length} continued with the same id and the history of the last ended turn.`;
}
