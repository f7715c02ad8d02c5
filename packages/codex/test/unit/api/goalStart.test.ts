import { describe, expect, it } from "vitest";

import {
  InvalidOptionError,
  ThreadBusyError,
  TransportClosedError,
  TurnIncompleteError,
} from "../../../src/errors.js";
import { goalOf, goalUpdated, turnCompleted, turnStarted } from "../../support/goalMessages.js";
import { readThread, scriptedThread, setGoal } from "../../support/scriptedGoalThread.js";

describe("the start of a goal", () => {
  it("is refused on a thread that another client has a turn on", async () => {
    await using runtime = await scriptedThread({ "thread/read": [readThread("active")] });

    await expect(runtime.thread.startGoal("Build it")).rejects.toBeInstanceOf(ThreadBusyError);

    expect(runtime.methods()).toEqual(["thread/start", "thread/read"]);
  });

  it("sends nothing when its objective cannot work", async () => {
    await using runtime = await scriptedThread({});

    await expect(runtime.thread.startGoal(" ")).rejects.toBeInstanceOf(InvalidOptionError);

    expect(runtime.methods()).toEqual(["thread/start"]);
  });

  it("rejects when the runtime ends before its first turn", async () => {
    await using runtime = await scriptedThread({ "thread/goal/set": [[...setGoal, "exit"]] });

    await expect(runtime.thread.startGoal("Build it")).rejects.toBeInstanceOf(TransportClosedError);
  });

  it("leads to a rejection when the thread is archived between two turns", async () => {
    const archived = { method: "thread/archived", params: { threadId: "thread-1" } };
    await using runtime = await scriptedThread({
      "thread/goal/set": [[...setGoal, turnStarted("turn-1"), turnCompleted("turn-1"), archived]],
    });
    const handle = await runtime.thread.startGoal("Build it");

    await expect(handle.run()).rejects.toBeInstanceOf(TurnIncompleteError);
  });

  it("loses nothing when all of the goal comes in one chunk", async () => {
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
