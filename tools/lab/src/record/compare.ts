import { toLanes } from "./lanes.js";
import type { Transcript, TranscriptLine } from "./transcript.js";

const GOAL_UPDATED = "thread/goal/updated";

const OUTPUT_DELTA = "item/commandExecution/outputDelta";

/**
 * Returns the part of a recording that is equal in two recordings of a scenario: the groups of messages, each in its
 * order. The number of goal notifications and their tokens depend on timing, so only their statuses count.
 * Output deltas of commands are left out, because a short command may end before one is sent; the completed
 * item has the output.
 */
export function comparable(transcript: Transcript): ReadonlyMap<string, readonly unknown[]> {
  const lasting = transcript.filter(({ message }) => message.method !== OUTPUT_DELTA);
  return new Map(
    [...toLanes(lasting)].map(([lane, lines]) => [
      lane,
      lane.endsWith(GOAL_UPDATED) ? withoutRepeats(lines.map(goalStatusOf)) : lines,
    ]),
  );
}

function goalStatusOf({ message }: TranscriptLine): unknown {
  // A wire value is unchecked: it may have no params.
  const { goal }: { goal?: { status?: unknown } } = Object(message.params);
  return goal?.status;
}

function withoutRepeats(values: readonly unknown[]): unknown[] {
  return values.filter((value, index) => index === 0 || value !== values[index - 1]);
}
