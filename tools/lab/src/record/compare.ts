import { toLanes } from "./lanes.js";
import type { Transcript, TranscriptLine } from "./transcript.js";

const GOAL_UPDATED = "thread/goal/updated";

/**
 * What two recordings of a scenario have in common: the lanes, each in its order. How often the runtime
 * reports on a goal, and with how many tokens, depends on when it counts: only the status is compared.
 */
export function comparable(transcript: Transcript): ReadonlyMap<string, readonly unknown[]> {
  return new Map(
    [...toLanes(transcript)].map(([lane, lines]) => [
      lane,
      lane.endsWith(GOAL_UPDATED) ? withoutRepeats(lines.map(goalStatusOf)) : lines,
    ]),
  );
}

function goalStatusOf({ message }: TranscriptLine): unknown {
  // Of what the runtime says nothing is sure, not even that it has params.
  const { goal }: { goal?: { status?: unknown } } = Object(message.params);
  return goal?.status;
}

function withoutRepeats(values: readonly unknown[]): unknown[] {
  return values.filter((value, index) => index === 0 || value !== values[index - 1]);
}
