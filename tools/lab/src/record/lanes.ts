import type { Transcript, TranscriptLine } from "./transcript.js";

/**
 * Returns the group of a line. The runtime keeps the order within a group and no order between groups: the
 * messages of the client, responses and server requests, the notifications of each turn (`turn/…`,
 * `item/…`), and those of each other method.
 */
export function laneOf({ from, message }: TranscriptLine): string {
  if (from === "client") return "1 client";
  const { id, method, params } = message;
  if (id !== undefined || method === undefined) return "2 answers and requests";
  return /^(?:turn|item)\//u.test(method) ? `3 turn ${turnIdOf(params)}` : `4 ${method}`;
}

/** Groups the lines. Two recordings of a scenario are equal when their groups are. */
export function toLanes(transcript: Transcript): ReadonlyMap<string, Transcript> {
  const lanes = new Map<string, TranscriptLine[]>();
  for (const line of transcript) {
    const lane = laneOf(line);
    lanes.set(lane, [...(lanes.get(lane) ?? []), line]);
  }
  return lanes;
}

/** Returns the lines group by group: turns in the order of their start, other groups by name. */
export function inLanes(transcript: Transcript): Transcript {
  const lanes = [...toLanes(transcript)];
  const rankOf = (lane: string) => (lane.startsWith("3") ? "3" : lane);
  return lanes
    .toSorted(([left], [right]) => comparePlain(rankOf(left), rankOf(right)))
    .flatMap(([, lines]) => lines);
}

function comparePlain(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function turnIdOf(params: unknown): string {
  // A wire value is unchecked: it may have no params.
  const { turnId, turn }: { turnId?: unknown; turn?: { id?: unknown } } = Object(params);
  return String(turnId ?? turn?.id);
}
