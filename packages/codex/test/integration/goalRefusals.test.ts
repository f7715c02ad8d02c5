import { describe, expect, it } from "vitest";

import {
  InvalidOptionError,
  InvalidRequestError,
  ThreadBusyError,
  TransportClosedError,
  TurnAlreadyConsumedError,
  TurnFailedError,
} from "../../src/index.js";
import { agentMessage } from "../support/expectedItems.js";
import { functionCall, httpStatus, message, startHarness } from "../support/testingKit.js";

const complete = functionCall("update_goal", { status: "complete" });

/** The error that the call is rejected with. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a goal is refused", () => {
  it("on a thread with an active turn, which continues", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.streamText(["Hello", gate]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("Hi");
    await gate.reached;

    const error = await errorOf(thread.runGoal("Build it"));
    gate.open();

    expect(error).toBeInstanceOf(ThreadBusyError);
    expect(error).toMatchObject({ threadId: thread.id, activeTurnId: turn.id });
    expect((await turn.run()).finalResponse).toBe("Hello");
    expect(await thread.goal()).toBeNull();
  });

  it("on an ephemeral thread", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ ephemeral: true });
    harness.model.reply("Hello.");

    const error = await errorOf(thread.runGoal("Build it"));

    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "ephemeral" });
    expect((await thread.run("Hi")).finalResponse).toBe("Hello.");
  });

  it("by a runtime whose goals are turned off, and the thread stays free", async () => {
    await using harness = await startHarness({ config: { features: { goals: false } } });
    const thread = await harness.codex.startThread();
    harness.model.reply("Hello.");

    const error = await errorOf(thread.runGoal("Build it"));

    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toHaveProperty("message", expect.stringContaining("goals feature is disabled"));
    expect((await thread.run("Hi")).finalResponse).toBe("Hello.");
  });

  it("by the runtime for what it finds wrong, and the thread stays free", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread();
    harness.model.reply("Hello.");

    const error = await errorOf(thread.runGoal("Build it", { tokenBudget: -1 }));

    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((await thread.run("Hi")).finalResponse).toBe("Hello.");
    expect(await thread.goal()).toBeNull();
  });
});

describe("while a goal has a thread", () => {
  it("runs, joins and further goals are refused, also between its turns, and a queued run waits for its end", async () => {
    await using harness = await startHarness();
    const gates = [harness.model.gate(), harness.model.gate()] as const;
    harness.model.streamText(["One", gates[0]]).enqueue(complete).streamText(["Two", gates[1]]);
    harness.model.reply("At last.");
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");

    const queued = thread.run("Hi", { whenBusy: "queue" });
    await gates[0].reached;
    gates[0].open();
    await gates[1].reached;
    const errors = await Promise.all(
      [
        thread.run("Hi"),
        thread.run("Hi", { whenBusy: "steer" }),
        thread.runGoal("Another"),
        thread.compact(),
        harness.codex.review(thread.id, { target: { type: "uncommittedChanges" } }),
      ].map(errorOf),
    );
    gates[1].open();
    const result = await handle.run();

    for (const error of errors) {
      expect(error).toBeInstanceOf(ThreadBusyError);
      expect(error).toHaveProperty("message", expect.stringContaining("busy with a goal"));
    }
    expect(result.finalResponse).toBe("Two");
    expect((await queued).finalResponse).toBe("At last.");
  });

  it("its handle has one stream, and its result beside that stream", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.enqueue(complete).streamText(["Done", gate]);
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    const first = handle.run();
    const stream = handle.stream();

    const busy = await errorOf(thread.run("Hi"));
    expect(() => handle.stream()).toThrow(TurnAlreadyConsumedError);
    expect(handle.result).toBe(first);
    gate.open();

    const methods: string[] = [];
    for await (const { method } of stream) methods.push(method);
    expect([methods.at(0), methods.at(-1)]).toEqual(["turn/started", "turn/completed"]);
    expect(busy).toBeInstanceOf(ThreadBusyError);
    expect((await first).finalResponse).toBe("Done");
  });
});

describe("a goal whose turn fails", () => {
  it("rejects with all that came before, and is stored as blocked", async () => {
    await using harness = await startHarness();
    harness.model.reply("Half done.").fail("server_error", "boom");
    const thread = await harness.codex.startThread();

    const error = await errorOf(thread.runGoal("Build it"));

    expect(error).toBeInstanceOf(TurnFailedError);
    expect(error).toMatchObject({
      result: { status: "failed", items: [agentMessage("Half done.")] },
      turnError: { message: expect.stringContaining("boom") },
    });
    expect(await thread.goal()).toMatchObject({ objective: "Build it", status: "blocked" });
    harness.model.enqueue(complete).reply("Now it works.");
    expect((await thread.runGoal("Again")).finalResponse).toBe("Now it works.");
  });

  it("is stored as limited by usage when that was why", async () => {
    await using harness = await startHarness();
    const body = { error: { type: "usage_limit_reached", message: "limit" } };
    harness.model.enqueue(httpStatus(429, { body }));
    const thread = await harness.codex.startThread();

    const error = await errorOf(thread.runGoal("Build it"));

    expect(error).toMatchObject({ turnError: { codexErrorInfo: "usageLimitExceeded" } });
    expect(await thread.goal()).toMatchObject({ status: "usageLimited" });
  });
});

describe("when the runtime dies", () => {
  it("a goal rejects with what is known of it", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.reply("Half done.").enqueue(message("More."), gate);
    const thread = await harness.codex.startThread();
    const handle = await thread.startGoal("Build it");
    const { process: runtime } = await harness.codex.client.request("server/diagnostics", {});
    const running = errorOf(handle.run());
    await gate.reached;

    process.kill(runtime.id, "SIGKILL");
    const error = await running;

    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error).toMatchObject({
      signal: "SIGKILL",
      turn: { threadId: thread.id, turnId: handle.id },
    });
    const { turn } = error as TransportClosedError;
    expect(turn?.items.at(0)).toEqual(agentMessage("Half done."));
    expect(await errorOf(handle.steer("Hello?"))).toBeInstanceOf(TransportClosedError);
    await handle.interrupt();
  });
});
