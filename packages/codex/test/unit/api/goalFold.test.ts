import { describe, expect, it } from "vitest";

import { GoalFold } from "../../../src/api/goals/goalFold.js";
import {
  goalCleared,
  goalOf,
  goalUpdated,
  turnCompleted,
  turnOf,
  turnStarted,
  type WireNotification,
} from "../../support/goalMessages.js";

/** Folds what the wire brought; gives what was shown, and whether the goal has ended. */
function fold(messages: readonly WireNotification[]) {
  const goalFold = new GoalFold();
  const shown = messages.flatMap((message) => {
    const events = goalFold.add({ ...message }) ?? [];
    return events.map(({ method, params }) => ({ method, params }));
  });
  return { goalFold, shown, isOver: goalFold.isOver };
}

/** The turn of the fold's one completion. */
function completedTurn(goalFold: GoalFold, isPaused = false): unknown {
  return goalFold.completion(isPaused)?.params;
}

const delta = (turnId: string) => ({
  method: "item/agentMessage/delta",
  params: { threadId: "thread-1", turnId, itemId: "item-1", delta: "Hi" },
});

describe("the fold of a goal's turns", () => {
  it("shows the first start alone, and every event under the first turn's id", () => {
    const { shown, isOver } = fold([
      goalUpdated("active"),
      turnStarted("turn-1"),
      delta("turn-1"),
      goalUpdated("active", "turn-1"),
      turnCompleted("turn-1"),
      turnStarted("turn-2", 20),
      delta("turn-2"),
    ]);

    expect({ shown, isOver }).toEqual({
      shown: [turnStarted("turn-1"), delta("turn-1"), delta("turn-1")],
      isOver: false,
    });
  });

  it("takes nothing that is of no turn", () => {
    const goalFold = new GoalFold();
    const add = (message: WireNotification) => goalFold.add({ ...message });
    add(turnStarted("turn-1"));

    const status = { type: "idle" };
    const others = [
      { method: "thread/status/changed", params: { threadId: "thread-1", status } },
      goalUpdated("active", "turn-1"),
      goalCleared(),
    ];

    expect(others.map(add)).toEqual([undefined, undefined, undefined]);
  });

  it("completes as one turn, from the first start to the last end", () => {
    const { goalFold, isOver } = fold([
      goalUpdated("active"),
      turnStarted("turn-1", 10),
      turnCompleted("turn-1", "completed", 10),
      turnStarted("turn-2", 20),
      goalUpdated("complete", "turn-2"),
      turnCompleted("turn-2", "completed", 20),
    ]);

    expect(isOver).toBe(true);
    expect(completedTurn(goalFold)).toEqual({
      threadId: "thread-1",
      turn: {
        ...turnOf("turn-1", "completed", 10),
        startedAt: 10,
        completedAt: 21,
        durationMs: 11_000,
      },
    });
  });

  it("keeps the duration that the runtime gives a single turn", () => {
    const { goalFold } = fold([
      goalUpdated("active"),
      turnStarted("turn-1"),
      goalUpdated("complete", "turn-1"),
      turnCompleted("turn-1"),
    ]);

    expect(completedTurn(goalFold)).toEqual(turnCompleted("turn-1").params);
  });

  it("fails when one of its turns has failed, whatever came after it", () => {
    const { goalFold } = fold([
      goalUpdated("active"),
      turnStarted("turn-1", 10),
      turnCompleted("turn-1", "failed", 10),
      turnStarted("turn-2", 20),
      goalUpdated("complete", "turn-2"),
      turnCompleted("turn-2", "completed", 20),
    ]);

    expect(completedTurn(goalFold)).toMatchObject({
      turn: {
        id: "turn-1",
        status: "failed",
        error: { message: "turn-1 failed" },
        completedAt: 21,
      },
    });
  });

  it.each(["paused", "blocked", "usageLimited", "budgetLimited", "complete"] as const)(
    "has ended when its turn has ended and it is %s, in either order",
    (status) => {
      const before = [goalUpdated("active"), turnStarted("turn-1")];
      const [updated, completed] = [goalUpdated(status, "turn-1"), turnCompleted("turn-1")];

      expect(fold([...before, updated]).isOver).toBe(false);
      expect(fold([...before, completed]).isOver).toBe(false);
      expect(fold([...before, updated, completed]).isOver).toBe(true);
      expect(fold([...before, completed, updated]).isOver).toBe(true);
    },
  );

  it("has ended when it was cleared, but not by the clearing of an earlier one", () => {
    const turn = [turnStarted("turn-1"), turnCompleted("turn-1")];

    expect(fold([goalCleared(), goalUpdated("active"), ...turn]).isOver).toBe(false);
    expect(fold([goalUpdated("active"), goalCleared(), ...turn]).isOver).toBe(true);
  });

  it("has ended when a turn was interrupted, unless another one starts", () => {
    const interrupted = [
      goalUpdated("active"),
      turnStarted("turn-1"),
      turnCompleted("turn-1", "interrupted"),
    ];

    expect(fold(interrupted).isOver).toBe(true);
    expect(fold([...interrupted, turnStarted("turn-2")]).isOver).toBe(false);
  });

  it("counts as interrupted when it was paused at the end of a turn, by its own handle alone", () => {
    const { goalFold } = fold([
      goalUpdated("active"),
      turnStarted("turn-1"),
      turnCompleted("turn-1"),
      goalUpdated("paused"),
    ]);

    expect(completedTurn(goalFold, true)).toMatchObject({ turn: { status: "interrupted" } });
    expect(completedTurn(goalFold, false)).toMatchObject({ turn: { status: "completed" } });
  });

  it("does not let the response to its setting undo what was reported since", () => {
    const { goalFold } = fold([goalUpdated("active"), goalUpdated("complete")]);

    goalFold.activate(goalOf("active"));
    const { goalFold: cleared } = fold([goalUpdated("active"), goalCleared()]);
    cleared.activate(goalOf("active"));
    const { goalFold: replaced } = fold([goalCleared()]);
    replaced.activate(goalOf("active"));

    expect(goalFold.goal).toEqual(goalOf("complete"));
    expect(cleared.goal).toBeNull();
    expect(replaced.goal).toEqual(goalOf("active"));
  });
});
