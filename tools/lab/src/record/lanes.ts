import type { Transcript, TranscriptLine } from "./transcript.js";

/**
 * The runtime keeps an order in each of these lanes, and none between them: what the client says, what it
 * is answered and asked, what each turn brings (`turn/…`, `item/…`), and each method of the rest.
 */
export function laneOf({ from, message }: TranscriptLine): string {
  if (from === "client") return "1 client";
  const { id, method, params } = message;
  if (id !== undefined || method === undefined) return "2 answers and requests";
  return /^(?:turn|item)\//u.test(method) ? `3 turn ${turnIdOf(params)}` : `4 ${method}`;
}

/** The lines by their lane. Two recordings of a scenario are the same when these are. */
export function toLanes(transcript: Transcript): ReadonlyMap<string, Transcript> {
  const lanes = new Map<string, TranscriptLine[]>();
  for (const line of transcript) {
    const lane = laneOf(line);
    lanes.set(lane, [...(lanes.get(lane) ?? []), line]);
  }
  return lanes;
}

/** The lines of one lane after the other; turns in the order of their beginning, the rest by name. */
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
  // Of what the runtime says nothing is sure, not even that it has params.
  const { turnId, turn }: { turnId?: unknown; turn?: { id?: unknown } } = Object(params);
  return String(turnId ?? turn?.id);
}
