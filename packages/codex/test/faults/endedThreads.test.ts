import { describe, expect, it } from "vitest";

import type { ApprovalHandler } from "../../src/index.js";
import { rejectionOf } from "../support/rejection.js";
import { answer, scriptedClient, settle } from "../support/scriptedClient.js";
import {
  agentMessage,
  itemCompleted,
  notification,
  THREAD,
  turn,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

// The rule: the end of a thread ends all that waits for it.

const ENDS = ["thread/deleted", "thread/closed", "thread/archived"];
const ended = (method: string) => notification(method, { threadId: THREAD });
const interrupted = turnCompleted("turn-1", THREAD, "interrupted");

describe("a thread that ends", () => {
  it("by thread/closed while a turn waits for it is resumed before that turn starts", async () => {
    const whole = [answer({ turn: turn("turn-2", "inProgress") }), turnCompleted("turn-2")];
    await using client = await scriptedClient({
      "turn/start": [[answer({ turn: turn("turn-1", "inProgress") }), turnStarted()], whole],
    });
    const thread = await client.codex.startThread();
    await thread.turn("One.");
    const queued = thread.run("Two.", { whenBusy: "queue" });
    await settle();

    client.runtime.send(ended("thread/closed"));
    await queued;

    const sent = client.runtime.received.map(({ method }) => method);
    expect(sent.slice(-3)).toEqual(["turn/start", "thread/resume", "turn/start"]);
  });

  it.each(ENDS)("by %s aborts the handler of its open request", async (method) => {
    const approval = {
      id: 7,
      method: "item/commandExecution/requestApproval",
      params: { threadId: THREAD, turnId: "turn-1", itemId: "item-1", command: "ls" },
    };
    await using client = await scriptedClient({
      "turn/start": [[answer({ turn: turn("turn-1", "inProgress") }), turnStarted(), approval]],
      "test/end": [[answer({}), interrupted, ended(method)]],
    });
    const signals: AbortSignal[] = [];
    const onApproval: ApprovalHandler = (_request, { signal }) => {
      signals.push(signal);
      // It never decides.
      return new Promise(() => {});
    };
    const handle = await (await client.codex.startThread({ onApproval })).turn("Go.");
    await settle();
    expect(signals).toMatchObject([{ aborted: false }]);

    await client.codex.client.request("test/end", {});
    await handle.result;
    await settle();

    expect(signals).toMatchObject([{ aborted: true }]);
    expect(client.held()).not.toContain("openServerRequests");
  });

  it.each(ENDS)("by %s before the response to a start leaves no turn behind", async (method) => {
    await using client = await scriptedClient({
      "turn/start": [[ended(method), answer({ turn: turn("turn-1", "inProgress") })]],
    });
    const thread = await client.codex.startThread();

    expect(await rejectionOf(thread.run("Go."))).toMatchObject({ code: "PROTOCOL" });
    await settle();

    expect(client.held()).not.toContain("followedTurns");
    expect(client.held()).not.toContain("occupiedThreads");
  });

  it.each(ENDS)("by %s ends the wait for its unloading", async (method) => {
    await using client = await scriptedClient({
      "thread/unsubscribe": [[answer({ status: "unsubscribed" }), ended(method)]],
    });
    const thread = await client.codex.startThread();

    await expect(thread.unload()).resolves.toBeUndefined();
  });
});

describe("a thread whose turn is being interrupted", () => {
  it("runs the next turn once that has ended, also when the low-level client sent the interrupt", async () => {
    const second = [
      answer({ turn: turn("turn-2", "inProgress") }),
      itemCompleted(agentMessage("Fine."), "turn-2"),
      turnCompleted("turn-2"),
    ];
    await using client = await scriptedClient({
      "turn/start": [[answer({ turn: turn("turn-1", "inProgress") }), turnStarted()], second],
    });
    const thread = await client.codex.startThread();
    const { id: turnId } = await thread.turn("Go.");
    await client.codex.client.request("turn/interrupt", { threadId: THREAD, turnId });

    const next = thread.run("Next.");
    await settle();
    client.runtime.send(interrupted);

    expect((await next).finalResponse).toBe("Fine.");
  });

  it("is unloaded once the turn has ended", async () => {
    await using client = await scriptedClient({
      "turn/interrupt": [[answer({})]],
      "thread/unsubscribe": [[answer({ status: "unsubscribed" }), ended("thread/closed")]],
    });
    const thread = await client.codex.startThread();
    const handle = await thread.turn("Go.");
    await handle.interrupt();

    const unloaded = thread.unload();
    await settle();
    expect(client.received("thread/unsubscribe")).toEqual([]);
    client.runtime.send(interrupted);

    await expect(unloaded).resolves.toBeUndefined();
  });
});
