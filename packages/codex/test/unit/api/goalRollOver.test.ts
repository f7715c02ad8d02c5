import { describe, expect, it } from "vitest";

import { InvalidRequestError } from "../../../src/rpc/rpcErrors.js";
import { goalUpdated, turnCompleted, turnStarted } from "../../support/goalMessages.js";
import {
  answer,
  otherTurn,
  pauseGoal,
  refusal,
  scriptedThread,
  setGoal,
} from "../../support/scriptedGoalThread.js";
import { readAll } from "../../support/turnEvents.js";

const steered = (turnId: string) => ({
  threadId: "thread-1",
  expectedTurnId: turnId,
  input: [{ type: "text", text: "More" }],
});
const interrupted = (turnId: string) => ({ threadId: "thread-1", turnId });

describe("steering a goal that has gone on to its next turn", () => {
  it("tries once more with the turn that the refusal names", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")]],
      "turn/steer": [[refusal(otherTurn)], [answer({ turnId: "turn-2" })]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await handle.steer("More");

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-1"), steered("turn-2")]);
  });

  it("tries once more with the turn that starts, when the refusal names none", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")]],
      "turn/steer": [
        [refusal("no active turn to steer"), turnCompleted("turn-1"), turnStarted("turn-2")],
        [refusal(otherTurn)],
      ],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await expect(handle.steer("More")).rejects.toBeInstanceOf(InvalidRequestError);

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-1"), steered("turn-2")]);
  });

  it("waits between two turns for the next one", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")]],
      "test/goOn": [[turnStarted("turn-2"), answer({})]],
      "turn/steer": [[answer({ turnId: "turn-2" })]],
    });
    const handle = await runtime.thread.startGoal("Build it");
    await runtime.codex.client.request("test/sync");

    const steering = handle.steer("More");
    await runtime.codex.client.request("test/goOn");
    await steering;

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-2")]);
  });

  it("does not reach for another turn once the goal has ended", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [
          ...setGoal,
          turnStarted("turn-1"),
          goalUpdated("complete", "turn-1"),
          turnCompleted("turn-1"),
        ],
      ],
      "turn/steer": [[refusal(otherTurn)]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await expect(handle.steer("More")).rejects.toBeInstanceOf(InvalidRequestError);

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-1")]);
  });

  it("does not try again what was refused for another reason", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")]],
      "turn/steer": [[refusal("cannot steer a compact turn")]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await expect(handle.steer("More")).rejects.toBeInstanceOf(InvalidRequestError);

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-1")]);
  });
});

describe("interrupting a goal that has gone on to its next turn", () => {
  const ended = [answer({}), turnCompleted("turn-2", "interrupted")];

  it("interrupts the turn that the refusal names", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")], pauseGoal],
      "turn/interrupt": [
        [refusal(otherTurn), turnCompleted("turn-1"), turnStarted("turn-2")],
        ended,
      ],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await handle.interrupt();

    expect(runtime.sent("turn/interrupt")).toEqual([interrupted("turn-1"), interrupted("turn-2")]);
    expect((await handle.run()).status).toBe("interrupted");
  });

  it("interrupts a turn that began before the pause took hold", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")],
        [...pauseGoal, turnStarted("turn-2")],
      ],
      "turn/interrupt": [ended],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await handle.interrupt();
    const events = await readAll(handle.stream());

    expect(runtime.sent("turn/interrupt")).toEqual([interrupted("turn-2")]);
    expect(events.map(({ method }) => method)).toEqual(["turn/started", "turn/completed"]);
  });

  it("is content with a turn that has ended by itself", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")], pauseGoal],
      "turn/interrupt": [[refusal("no active turn to interrupt"), turnCompleted("turn-1")]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await handle.interrupt();

    expect(runtime.sent("turn/interrupt")).toEqual([interrupted("turn-1")]);
    expect((await handle.run()).status).toBe("interrupted");
  });

  it("leaves a goal alone that somebody has cleared or that has ended meanwhile", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [...setGoal, turnStarted("turn-1")],
        [refusal("cannot update goal for thread thread-1: no goal exists")],
      ],
      "turn/interrupt": [[answer({}), turnCompleted("turn-1", "interrupted")]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await handle.interrupt();
    expect((await handle.run()).status).toBe("interrupted");
    await handle.interrupt();

    expect(runtime.sent("thread/goal/set")).toHaveLength(2);
    expect(runtime.sent("turn/interrupt")).toEqual([interrupted("turn-1")]);
  });

  it("does not pause one that is complete while its last turn still runs", async () => {
    const finished = [...setGoal, turnStarted("turn-1"), goalUpdated("complete", "turn-1")];
    await using runtime = await scriptedThread({
      "thread/goal/set": [finished],
      "turn/interrupt": [[answer({}), turnCompleted("turn-1", "interrupted")]],
    });
    const handle = await runtime.thread.startGoal("Build it");
    await runtime.codex.client.request("test/sync");

    await handle.interrupt();

    expect(runtime.sent("thread/goal/set")).toHaveLength(1);
    expect((await handle.run()).goal?.status).toBe("complete");
  });

  it("gives the thread back with its turn when the runtime refuses to stop it", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1")], [refusal("not now")]],
      "turn/interrupt": [[refusal("not now")]],
      "test/goOn": [[turnCompleted("turn-1"), answer({})]],
      "turn/start": [
        [answer({ turn: { id: "turn-2" } }), turnStarted("turn-2"), turnCompleted("turn-2")],
      ],
    });
    const abort = new AbortController();
    const { signal } = abort;
    const handle = await runtime.thread.startGoal("Build it", { signal });

    abort.abort(new Error("changed my mind"));
    await expect(handle.run()).rejects.toBe(signal.reason);
    // The abort's own attempt, which this call shares.
    await expect(handle.interrupt()).rejects.toBeInstanceOf(InvalidRequestError);
    const queued = runtime.thread.run("Hi", { whenBusy: "queue" });
    await runtime.codex.client.request("test/goOn");

    expect((await queued).id).toBe("turn-2");
  });

  it("lets the next turn wait as long as one of the goal may still begin", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")],
        [...pauseGoal, turnStarted("turn-2")],
      ],
      "turn/interrupt": [ended],
    });
    const abort = new AbortController();
    const handle = await runtime.thread.startGoal("Build it", { signal: abort.signal });
    await runtime.codex.client.request("test/sync");

    abort.abort(new Error("changed my mind"));
    await expect(handle.run()).rejects.toBe(abort.signal.reason);

    // The start waits until the goal has been stopped, and is sent behind that.
    await runtime.thread.run("Hi").catch(() => {});
    const methods = runtime.methods();
    expect(methods.indexOf("turn/start")).toBeGreaterThan(methods.lastIndexOf("turn/interrupt"));
  });

  it("does not touch a later goal of the thread", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")],
        [...setGoal, turnStarted("turn-2")],
      ],
    });
    const first = await runtime.thread.startGoal("Build it");
    await runtime.codex.client.request("test/sync");
    const left = first.stream();
    await left.next();
    await left.return?.();
    const second = await runtime.thread.startGoal("Build another");

    await first.interrupt();

    expect(second.id).toBe("turn-2");
    expect(runtime.sent("turn/interrupt")).toEqual([]);
    expect(runtime.sent("thread/goal/set")).toHaveLength(2);
  });
});
