import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { Codex } from "../../../src/api/codex.js";
import {
  InvalidOptionError,
  ThreadBusyError,
  TransportClosedError,
  TurnIncompleteError,
} from "../../../src/errors.js";
import { InvalidRequestError } from "../../../src/rpc/rpcErrors.js";
import { goalOf, goalUpdated, turnCompleted, turnStarted } from "../../support/goalMessages.js";
import { readAll } from "../../support/turnEvents.js";

const SERVER = fileURLToPath(new URL("../../support/sequencedAppServer.mjs", import.meta.url));

const answer = (result: object) => ({ id: "$id", result });
const refusal = (message: string) => ({ id: "$id", error: { code: -32600, message } });
const readThread = (type: string) => [
  answer({ thread: { id: "thread-1", status: { type }, ephemeral: false } }),
];
const setGoal = [answer({ goal: goalOf("active") }), goalUpdated("active")];
const pauseGoal = [answer({ goal: goalOf("paused") }), goalUpdated("paused")];
const otherTurn = "expected active turn id `turn-1` but found `turn-2`";

/** A thread of a runtime that answers as scripted, and the requests on it that the runtime got. */
async function scriptedThread(script: Record<string, readonly (readonly unknown[])[]>) {
  const common = {
    "thread/start": [[answer({ thread: { id: "thread-1" } })]],
    "thread/read": [readThread("idle")],
    "thread/goal/clear": [[answer({ cleared: false })]],
  };
  const launchArgs = [process.execPath, SERVER, JSON.stringify({ ...common, ...script })];
  const codex = new Codex({ launchArgs });
  const thread = await codex.startThread();
  const requests: { method: string; params: unknown }[] = [];
  const { onNotification } = codex.client.router;
  codex.client.router.onNotification = (message) => {
    onNotification(message);
    // The scripted runtime sends it in this form.
    if (message.method === "test/request")
      requests.push(message.params as (typeof requests)[number]);
  };
  return {
    codex,
    thread,
    sent: (wanted: string) =>
      requests.filter(({ method }) => method === wanted).map(({ params }) => params),
    methods: () => requests.map(({ method }) => method),
    [Symbol.asyncDispose]: () => codex.close(),
  };
}

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

    const steering = handle.steer("More");
    await runtime.codex.client.request("test/goOn");
    await steering;

    expect(runtime.sent("turn/steer")).toEqual([steered("turn-2")]);
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

    await handle.interrupt();

    expect(runtime.sent("thread/goal/set")).toHaveLength(1);
    expect((await handle.run()).goal?.status).toBe("complete");
  });

  it("does not touch a later goal of the thread", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [...setGoal, turnStarted("turn-1"), turnCompleted("turn-1")],
        [...setGoal, turnStarted("turn-2")],
      ],
    });
    const first = await runtime.thread.startGoal("Build it");
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

describe("a goal that comes to nothing", () => {
  it("is not set on a thread that another client has a turn on", async () => {
    await using runtime = await scriptedThread({ "thread/read": [readThread("active")] });

    await expect(runtime.thread.startGoal("Build it")).rejects.toBeInstanceOf(ThreadBusyError);

    expect(runtime.methods()).toEqual(["thread/read"]);
  });

  it("has sent nothing when its objective cannot work", async () => {
    await using runtime = await scriptedThread({});

    await expect(runtime.thread.startGoal(" ")).rejects.toBeInstanceOf(InvalidOptionError);

    expect(runtime.methods()).toEqual([]);
  });

  it("rejects when the runtime ends before its first turn", async () => {
    await using runtime = await scriptedThread({ "thread/goal/set": [[...setGoal, "exit"]] });

    await expect(runtime.thread.startGoal("Build it")).rejects.toBeInstanceOf(TransportClosedError);
  });

  it("rejects when its thread is archived between two turns", async () => {
    const archived = { method: "thread/archived", params: { threadId: "thread-1" } };
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1"), turnCompleted("turn-1"), archived]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await expect(handle.run()).rejects.toBeInstanceOf(TurnIncompleteError);
  });

  it("is whole even when all of it comes in one chunk", async () => {
    await using runtime = await scriptedThread({
      "thread/goal/set": [
        [
          turnStarted("turn-1"),
          ...setGoal,
          goalUpdated("complete", "turn-1"),
          turnCompleted("turn-1"),
        ],
      ],
    });

    const result = await runtime.thread.runGoal("Build it");

    expect([result.id, result.status, result.goal]).toEqual([
      "turn-1",
      "completed",
      goalOf("complete"),
    ]);
  });
});
