import { getEventListeners } from "node:events";

import type { ServerNotification } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import { type Codex, TurnAlreadyConsumedError, type TurnHandle } from "../../src/index.js";
import { agentMessage, userMessage } from "../support/expectedItems.js";
import { startHarness, streamedMessage } from "../support/testingKit.js";
import { deltasOf, readAll, readUntil, turnIdsOf } from "../support/turnEvents.js";

const COMPLETED_TURN = {
  status: "completed",
  error: null,
  startedAt: expect.any(Number),
  completedAt: expect.any(Number),
  durationMs: expect.any(Number),
};

describe("TurnHandle.stream", () => {
  it("gives the turn's deltas, items, usage and completion in order, and ends there", async () => {
    await using harness = await startHarness();
    harness.model.streamText(["Hel", "lo", "!"]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Say hello");

    const events = await readAll(turn.stream());

    expect(events.map(({ method }) => method)).toEqual([
      "turn/started",
      "item/started",
      "item/completed",
      "item/started",
      "item/agentMessage/delta",
      "item/agentMessage/delta",
      "item/agentMessage/delta",
      "item/completed",
      "thread/tokenUsage/updated",
      "turn/completed",
    ]);
    expect(deltasOf(events)).toEqual(["Hel", "lo", "!"]);
    expect(turnIdsOf(events)).toEqual([turn.id]);
    const items = events.flatMap((event) =>
      event.method === "item/completed" ? [event.params.item] : [],
    );
    expect(items).toEqual([userMessage("Say hello"), agentMessage("Hello!")]);
    expect(events.at(-1)).toMatchObject({
      method: "turn/completed",
      params: { threadId: thread.id, turn: { id: turn.id, ...COMPLETED_TURN } },
    });
  });

  it("keeps what comes before the consumer, the completion included", async () => {
    await using harness = await startHarness();
    harness.model.streamText(["Early ", "bird"]);
    const thread = await harness.codex.startThread();
    const whole = threadIsIdleAgain(harness.codex, thread.id);
    const turn = await thread.turn("Be early");
    await whole;
    // The answer comes after what the runtime sent before it: the turn's end is here by now.
    await thread.read();

    const events = await readAll(turn.stream());

    expect(deltasOf(events).join("")).toBe("Early bird");
    expect(events.map(({ method }) => method)).toEqual([
      "turn/started",
      "item/started",
      "item/completed",
      "item/started",
      ...deltasOf(events).map(() => "item/agentMessage/delta"),
      "item/completed",
      "thread/tokenUsage/updated",
      "turn/completed",
    ]);
  });

  it("has one stream a handle, and its result beside that stream", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["a", gate, "b"]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Go");
    const running = turn.run();
    const events = readAll(turn.stream());
    await gate.reached;

    expect(() => turn.stream()).toThrow(TurnAlreadyConsumedError);
    expect(turn.run()).toBe(running);
    expect(turn.result).toBe(running);

    gate.open();
    expect((await running).finalResponse).toBe("ab");
    expect(deltasOf(await events).join("")).toBe("ab");
    expect(() => turn.stream()).toThrow(TurnAlreadyConsumedError);
    expect((await turn.result).finalResponse).toBe("ab");
  });

  it.each([
    ["break", (turn: TurnHandle) => readUntil(turn.stream(), "item/agentMessage/delta")],
    [
      "throw",
      async (turn: TurnHandle) => {
        const reading = async () => {
          for await (const event of turn.stream()) {
            if (event.method === "item/agentMessage/delta") throw new Error("enough");
          }
        };
        await expect(reading()).rejects.toThrow("enough");
      },
    ],
  ])(
    "may be left by %s: the turn continues, and the thread accepts the next one",
    async (_how, leave) => {
      await using harness = await startHarness();
      const gate = harness.model.gate();
      harness.model.streamText(["first ", gate, "half"]).reply("next");
      const thread = await harness.codex.startThread();
      const turn = await thread.turn("Talk");

      await leave(turn);
      gate.open();
      const next = await thread.run("Next", { whenBusy: "queue" });

      expect(next.finalResponse).toBe("next");
      const { data } = await thread.listTurns({ sortDirection: "asc" });
      expect(data.map(({ id, status }) => [id, status])).toEqual([
        [turn.id, "completed"],
        [next.id, "completed"],
      ]);
      expect(data[0]?.items).toEqual([userMessage("Talk"), agentMessage("first half")]);
    },
  );
});

describe("many turns on one client", () => {
  it("keep their events apart while they interleave", async () => {
    await using harness = await startHarness();
    const [left, right] = [await harness.codex.startThread(), await harness.codex.startThread()];
    const gates = { left: harness.model.gate(), right: harness.model.gate() };
    harness.model.respond((request) =>
      request.threadId() === left.id
        ? [streamedMessage(["l1", gates.left, "l2"])]
        : [streamedMessage(["r1", gates.right, "r2"])],
    );
    const turns = { left: await left.turn("left"), right: await right.turn("right") };
    const streams = { left: turns.left.stream(), right: turns.right.stream() };

    // Each goes on only after the other has had its part: neither could run to its end alone.
    const leftHead = await readUntil(streams.left, "item/agentMessage/delta", { keepOpen: true });
    const rightHead = await readUntil(streams.right, "item/agentMessage/delta", { keepOpen: true });
    gates.right.open();
    const rightTail = await readAll(streams.right);
    gates.left.open();
    const leftTail = await readAll(streams.left);

    const seen = (events: ServerNotification[]) => ({
      deltas: deltasOf(events),
      turnIds: turnIdsOf(events),
      last: events.at(-1)?.method,
    });
    expect(seen([...leftHead, ...leftTail])).toEqual({
      deltas: ["l1", "l2"],
      turnIds: [turns.left.id],
      last: "turn/completed",
    });
    expect(seen([...rightHead, ...rightTail])).toEqual({
      deltas: ["r1", "r2"],
      turnIds: [turns.right.id],
      last: "turn/completed",
    });
  });

  it("run on twenty threads at once, while other requests are answered", async () => {
    await using harness = await startHarness();
    harness.model.respond((request) => {
      const text = request.lastUserText() ?? "";
      return [streamedMessage(Array.from({ length: 10 }, (_, part) => `${text}.${part} `))];
    });
    const names = Array.from({ length: 20 }, (_, index) => `thread${index}`);

    const answers = Promise.all(
      names.map(async (name) => {
        const thread = await harness.codex.startThread({ ephemeral: true });
        const turn = await thread.turn(name);
        const events = await readAll(turn.stream());
        return { text: deltasOf(events).join(""), isAlone: turnIdsOf(events).length === 1 };
      }),
    );
    const models = await harness.codex.models();

    expect(models.data.length).toBeGreaterThan(0);
    expect(await answers).toEqual(
      names.map((name) => ({
        text: Array.from({ length: 10 }, (_, part) => `${name}.${part} `).join(""),
        isAlone: true,
      })),
    );
  });
});

describe("Codex.notifications", () => {
  it("reports the threads, and nothing that a followed turn receives itself", async () => {
    await using harness = await startHarness();
    harness.model.reply("one");
    const events = threadIsIdleAgain(harness.codex);
    const thread = await harness.codex.startThread();

    await thread.run("one");

    const methods = (await events).map(({ method }) => method);
    expect(methods).toContain("thread/started");
    expect(methods.filter((method) => /^(?:item|turn)\//u.test(method))).toEqual([]);
  });

  it("ends with the signal's reason, and leaves no listener behind", async () => {
    await using harness = await startHarness();
    const controller = new AbortController();
    const reason = new Error("no more");
    await harness.codex.start();
    const reading = readAll(harness.codex.notifications({ signal: controller.signal }));

    controller.abort(reason);

    await expect(reading).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

/** Collects the client's unrouted notifications until a thread that was active is idle. */
async function threadIsIdleAgain(codex: Codex, threadId?: string): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for await (const event of codex.notifications()) {
    events.push(event);
    if (event.method !== "thread/status/changed") continue;
    if (threadId !== undefined && event.params.threadId !== threadId) continue;
    if (event.params.status.type === "idle") break;
  }
  return events;
}
