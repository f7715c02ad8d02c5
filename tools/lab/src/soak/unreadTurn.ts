import { Codex, type TurnHandle } from "@openai/codex";

import { fakeServer, inputOf, textOf } from "./fakeServer.js";
import { heapInUse, ResourceWatch } from "./resources.js";
import { Problems, type ScenarioReport } from "./scenario.js";

const MB = 1024 * 1024;
const HEAP_BOUND = 3 * MB;
/** Number of other events between the deltas. Each must be kept, in its position. */
const MARKS = 20;
/** Documented size of a backlog, the marks, and the few events at both ends. */
const MOST_EVENTS = 1024 + 2 * MARKS + 8;

/** Returns the bytes that an unread turn may hold: little more than its text, two bytes for each character. */
function unreadBound(textBytes: number): number {
  return 1.25 * textBytes + 1.5 * MB;
}

/** Runs a turn of many deltas that is not read until it has ended. */
export async function soakUnreadTurn(deltas: number): Promise<ScenarioReport> {
  const problems = new Problems();
  await using codex = new Codex({ launchArgs: fakeServer() });
  await runUnread(codex, Math.min(deltas, 20_000), problems);
  const watch = await ResourceWatch.start();
  await runUnread(codex, deltas, problems);
  const growth = await watch.growth();
  return {
    name: "unread deltas",
    cases: deltas,
    faults: { unreadDeltas: deltas },
    growth,
    heapBound: HEAP_BOUND,
    problems: problems.with(growth, HEAP_BOUND),
  };
}

async function runUnread(codex: Codex, deltas: number, problems: Problems): Promise<void> {
  const thread = await codex.startThread();
  const markEvery = deltas / MARKS;
  const before = await heapInUse();
  const turn = await thread.turn(inputOf({ deltas, markEvery }));
  // The fake responds in order: this response follows all events of the turn.
  await codex.client.request("soak/report");
  const held = (await heapInUse()) - before;
  const textBytes = 2 * textOf(deltas).length;
  problems.check(
    held <= unreadBound(textBytes),
    () => `${held} bytes were held for ${textBytes} bytes of text`,
  );
  await readLate(turn, deltas, problems);
}

async function readLate(turn: TurnHandle, deltas: number, problems: Problems): Promise<void> {
  const wanted = textOf(deltas);
  let text = "";
  let events = 0;
  let marks = 0;
  for await (const event of turn.stream()) {
    events += 1;
    if (event.method === "item/agentMessage/delta") text += event.params.delta;
    const { method }: { method: string } = event;
    if (method !== "soak/mark") continue;
    marks += 1;
    const place = textOf((deltas / MARKS) * marks).length;
    problems.check(text.length === place, () => `mark ${marks} follows ${text.length} characters`);
  }
  problems.check(
    text === wanted,
    () => `${text.length} of ${wanted.length} characters were received`,
  );
  problems.check(marks === MARKS, () => `${marks} of ${MARKS} other events were received`);
  problems.check(events <= MOST_EVENTS, () => `${events} events were kept`);
}
