import { toLanes } from "./lanes.js";
import type { Transcript, TranscriptLine } from "./transcript.js";

const GOAL_UPDATED = "thread/goal/updated";

const OUTPUT_DELTA = "item/commandExecution/outputDelta";

/**
 * The parts of a recording that every recording of its scenario has: the lanes, each in its order. How
 * often the runtime reports on a goal, and with how many tokens, depends on when it counts: only the status
 * is compared. Whether the output of a short command is sent while it runs depends on its speed; the
 * completed item has the output in any case.
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
  // Every wire value is unchecked: the params may be missing.
  const { goal }: { goal?: { status?: unknown } } = Object(message.params);
  return goal?.status;
}

function withoutRepeats(values: readonly unknown[]): unknown[] {
  return values.filter((value, index) => index === 0 || value !== values[index - 1]);
}
