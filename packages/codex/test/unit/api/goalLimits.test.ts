import { describe, expect, it } from "vitest";

import type { GoalOptions, Thread } from "../../../src/index.js";
import { goalOf, goalUpdated, turnCompleted, turnStarted } from "../../support/goalMessages.js";
import { rejectionOf } from "../../support/rejection.js";
import { answer, scriptedClient, settle } from "../../support/scriptedClient.js";
import { THREAD } from "../../support/wire.js";

const setGoal = [answer({ goal: goalOf("active") }), goalUpdated("active")];
const pauseGoal = [answer({ goal: goalOf("paused") }), goalUpdated("paused")];
const reason = new Error("changed my mind");

/** Each step of a start, as a script in which the runtime does not do it. */
const STEPS = {
  "the resume": { "thread/resume": [[]] },
  "the check of the thread": { "thread/read": [[]] },
  "the removal of the goal before": { "thread/goal/clear": [[]] },
  "the goal": { "thread/goal/set": [[]] },
  "the first turn": { "thread/goal/set": [setGoal, pauseGoal] },
};

const CALLS: Readonly<Record<string, (thread: Thread, options: GoalOptions) => Promise<unknown>>> =
  {
    startGoal: (thread, options) => thread.startGoal("Build it", options),
    runGoal: (thread, options) => thread.runGoal("Build it", options),
    resumeGoal: (thread, options) => thread.resumeGoal(options),
  };

const coded = (code: string): unknown => expect.objectContaining({ code });

const LIMITS: readonly (readonly [string, () => GoalOptions, unknown])[] = [
  ["startTimeoutMs", () => ({ startTimeoutMs: 20 }), coded("GOAL_START_TIMEOUT")],
  ["timeoutMs", () => ({ timeoutMs: 20 }), coded("REQUEST_TIMEOUT")],
  ["its signal", () => ({ signal: abortSoon() }), reason],
];

function abortSoon(): AbortSignal {
  const controller = new AbortController();
  void settle().then(() => controller.abort(reason));
  return controller.signal;
}

const CASES = Object.entries(CALLS).flatMap(([name, call]) =>
  Object.entries(STEPS)
    // A goal that is resumed takes nobody's place.
    .filter(([step]) => name !== "resumeGoal" || step !== "the removal of the goal before")
    .flatMap(([step, script]) =>
      LIMITS.map(([limit, toOptions, error]) => ({
        name,
        call,
        step,
        script,
        limit,
        toOptions,
        error,
      })),
    ),
);

describe("the start of a goal", () => {
  it.each(CASES)(
    "by $name ends by $limit while $step does not come",
    async ({ call, step, script, toOptions, error }) => {
      await using client = await scriptedClient({ "thread/goal/set": [setGoal], ...script });
      const { codex } = client;
      const thread = step === "the resume" ? codex.thread(THREAD) : await codex.startThread();

      expect(await rejectionOf(call(thread, toOptions()))).toEqual(error);
    },
  );

  it("that ends before the response leaves a thread to use, and pauses the goal when it comes", async () => {
    await using client = await scriptedClient({ "thread/goal/set": [[], pauseGoal] });
    const thread = await client.codex.startThread();
    await rejectionOf(thread.startGoal("Build it", { startTimeoutMs: 20 }));

    const turn = await thread.turn("Go.", { whenBusy: "queue" });
    client.answerLate("thread/goal/set", { goal: goalOf("active") });
    await settle();

    expect(turn.id).toBe("turn-1");
    expect(client.received("thread/goal/set")).toMatchObject([
      { params: { status: "active" } },
      { params: { status: "paused" } },
    ]);
    expect(client.held()).not.toContain("threadOwners");
  });
});

describe("a goal that has started", () => {
  it("ends by timeoutMs with a TurnTimeoutError, paused and with its turn interrupted", async () => {
    await using client = await scriptedClient({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")], pauseGoal],
      "turn/interrupt": [[answer({}), turnCompleted("turn-1", "interrupted")]],
    });
    const thread = await client.codex.startThread();

    const running = thread.runGoal("Build it", { timeoutMs: 1000 });

    expect(await rejectionOf(running)).toMatchObject({ code: "TURN_TIMEOUT" });
    await settle();
    expect(client.received("turn/interrupt")).toHaveLength(1);
    expect(client.held()).not.toContain("occupiedThreads");
  });

  it("is not steered by a caller that left between two of its turns", async () => {
    await using client = await scriptedClient({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")]],
    });
    const goal = await (await client.codex.startThread()).startGoal("Build it");
    await settle();

    expect(await rejectionOf(goal.steer("More", { timeoutMs: 20 }))).toMatchObject({
      code: "REQUEST_TIMEOUT",
    });
    client.runtime.send(turnStarted("turn-2"));
    await settle();

    expect(client.received("turn/steer")).toEqual([]);
  });
});
