import {
  type Codex,
  GoalStartTimeoutError,
  RequestTimeoutError,
  type Thread,
  TurnTimeoutError,
} from "../../src/index.js";
import { message } from "../../src/testing/index.js";
import type { RecordedHarness } from "./recordedHarness.js";

/** A way to stop a turn; resolves in the tick in which the caller is notified of the stop. */
type Stop = (thread: Thread, isRunning: Promise<unknown>, codex: Codex) => Promise<void>;

const REASON = new Error("changed my mind");

/** Throws unless the promise rejects with what is expected. */
async function rejects(promise: Promise<unknown>, isExpected: (error: unknown) => boolean) {
  const outcome: unknown = await promise.then(
    (value: unknown) => ({ resolved: value }),
    (error: unknown) => error,
  );
  if (!isExpected(outcome)) throw new Error(`expected another end than ${String(outcome)}`);
}

/** On a busy machine, the time may have passed before the turn has started. */
const isTimeout = (error: unknown) =>
  error instanceof TurnTimeoutError || error instanceof RequestTimeoutError;
const isReason = (error: unknown) => error === REASON;

/** Every way to stop a turn, by its name. */
export const STOPS: Readonly<Record<string, Stop>> = {
  "TurnHandle.interrupt()": async (thread, isRunning) => {
    const turn = await thread.turn("Work");
    await isRunning;
    await turn.interrupt();
  },
  "TurnHandle.interrupt() right after the start": async (thread) => {
    const turn = await thread.turn("Work");
    await turn.interrupt();
  },
  "the signal of run()": async (thread, isRunning) => {
    const controller = new AbortController();
    const run = thread.run("Work", { signal: controller.signal });
    void isRunning.then(() => controller.abort(REASON));
    await rejects(run, isReason);
  },
  "the signal of turn(), as its stream shows it": async (thread, isRunning) => {
    const controller = new AbortController();
    const turn = await thread.turn("Work", { signal: controller.signal });
    const read = async () => {
      for await (const _event of turn.stream()) {
        // Read to the end.
      }
    };
    void isRunning.then(() => controller.abort(REASON));
    await rejects(read(), isReason);
  },
  "leaving the loop over the stream, and interrupt()": async (thread, isRunning) => {
    const turn = await thread.turn("Work");
    for await (const _event of turn.stream()) break;
    await isRunning;
    await turn.interrupt();
  },
  idleTimeoutMs: async (thread) => {
    await rejects(
      thread.run("Work", { idleTimeoutMs: 200 }),
      (error) => error instanceof TurnTimeoutError,
    );
  },
  timeoutMs: async (thread) => {
    await rejects(thread.run("Work", { timeoutMs: 200 }), isTimeout);
  },
  "the signal of compact()": async (thread, isRunning) => {
    const controller = new AbortController();
    const compaction = thread.compact({ signal: controller.signal });
    void isRunning.then(() => controller.abort(REASON));
    await rejects(compaction, isReason);
  },
  "GoalHandle.interrupt()": async (thread, isRunning) => {
    const goal = await thread.startGoal("Work");
    await isRunning;
    await goal.interrupt();
  },
  "the signal of runGoal()": async (thread, isRunning) => {
    const controller = new AbortController();
    const goal = thread.runGoal("Work", { signal: controller.signal });
    void isRunning.then(() => controller.abort(REASON));
    await rejects(goal, (error) => isReason(error) || error instanceof GoalStartTimeoutError);
  },
  "the idleTimeoutMs of runGoal()": async (thread) => {
    await rejects(
      thread.runGoal("Work", { idleTimeoutMs: 200 }),
      (error) => error instanceof TurnTimeoutError,
    );
  },
  "the timeoutMs of runGoal()": async (thread) => {
    await rejects(thread.runGoal("Work", { timeoutMs: 500 }), isTimeout);
  },
  "turn/interrupt of the low-level client": async (thread, isRunning, { client }) => {
    const { id: turnId } = await thread.turn("Work");
    await isRunning;
    await client.request("turn/interrupt", { threadId: thread.id, turnId });
  },
};

/**
 * Starts a turn that does not end by itself, stops it, and runs the next turn of the thread at once, as
 * often as asked for. Returns what failed.
 */
export async function stopAndRun(
  harness: RecordedHarness,
  stop: Stop,
  rounds: number,
): Promise<string[]> {
  const failures: string[] = [];
  harness.model.respond(() => [message("ready")]);
  const thread = await harness.codex.startThread();
  await thread.run("Hello");
  for (let round = 0; round < rounds; round += 1) {
    const gate = harness.model.gate();
    harness.model.respond((request) =>
      request.lastUserText() === "Next" ? [message("next")] : [gate, message("late")],
    );
    try {
      // oxlint-disable-next-line no-await-in-loop -- each round needs the thread as the last one left it
      await stop(thread, gate.reached, harness.codex);
      // oxlint-disable-next-line no-await-in-loop
      const { finalResponse } = await thread.run("Next");
      if (finalResponse !== "next") failures.push(`round ${round}: ${finalResponse}`);
    } catch (error) {
      failures.push(`round ${round}: ${String(error)}`);
    }
    gate.open();
  }
  return failures;
}
