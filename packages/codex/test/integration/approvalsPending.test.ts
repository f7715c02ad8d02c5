import { describe, expect, it } from "vitest";

import type { ApprovalDecision } from "../../src/api/approvals/approvalDecision.js";
import type { ApprovalHandler } from "../../src/api/approvals/approvals.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { commandsOf, escalatedCall } from "../support/approvalScripts.js";
import { NotificationLog } from "../support/notificationLog.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { message, startHarness } from "../support/testingKit.js";

/** A handler that waits for the test's word. */
function deferring() {
  const asked = createDeferred<AbortSignal>();
  const decision = createDeferred<ApprovalDecision>();
  const onApproval: ApprovalHandler = (_request, { signal }) => {
    asked.resolve(signal);
    return decision.promise;
  };
  return { asked: asked.promise, decide: decision.resolve, onApproval };
}

describe("a request that waits for a person", () => {
  it("holds up no other thread's turn, and is answered late all the same", async () => {
    await using harness = await startHarness();
    const { asked, decide, onApproval } = deferring();
    const waiting = await harness.codex.startThread({ onApproval });
    harness.model.enqueue(escalatedCall("echo hi", "call_1"));
    const pending = await waiting.turn("Go.");
    await asked;

    const other = await harness.codex.startThread();
    const words = Array.from({ length: 200 }, (_, index) => `word ${index} `);
    harness.model.streamText(words);
    const meanwhile = await other.run("Tell me.");
    harness.model.reply("Done.");
    decide("accept");
    const result = await pending.run();

    expect(meanwhile).toMatchObject({ status: "completed", finalResponse: words.join("") });
    expect(commandsOf(result.items)).toEqual({ call_1: { status: "completed", output: "hi\n" } });
  });

  it("aborts the handler's signal when the turn is interrupted, and gets no late answer", async () => {
    await using harness = await startRecordedHarness();
    const { asked, decide, onApproval } = deferring();
    const thread = await harness.codex.startThread({ onApproval });
    const notifications = NotificationLog.follow(harness.codex);
    harness.model.enqueue(escalatedCall("echo hi", "call_1"));
    const turn = await thread.turn("Go.");
    const signal = await asked;
    expect(signal.aborted).toBe(false);

    await turn.interrupt();
    const result = await turn.run();
    await notifications.first("serverRequest/resolved");
    expect(signal.aborted).toBe(true);
    decide("accept");
    harness.model.reply("Next.");
    await thread.run("Another one.");

    expect(result.status).toBe("interrupted");
    const asks = harness.recording().filter((one) => one.from === "runtime" && isRequest(one));
    const answers = harness.recording().filter((one) => "result" in one && one.from === "client");
    expect(asks.map(({ id, method }) => [id, method])).toEqual([
      [0, "item/commandExecution/requestApproval"],
    ]);
    expect(answers).toEqual([]);
  });

  it("aborts the handler's signal when the client is closed", async () => {
    await using harness = await startHarness();
    const { asked, onApproval } = deferring();
    const thread = await harness.codex.startThread({ onApproval });
    harness.model.enqueue(escalatedCall("echo hi"));
    const turn = await thread.turn("Go.");
    const signal = await asked;

    await harness.codex.close();

    expect(signal.reason).toMatchObject({ code: "CLOSED" });
    await expect(turn.run()).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("a request of a thread that has no handler", () => {
  it("is declined", async () => {
    await using harness = await startRecordedHarness();
    // Another thread's handler is none of this one's.
    await harness.codex.startThread({ onApproval: () => "accept" });

    await runUnhandled(harness);

    const answers = harness.recording().filter((one) => "result" in one && one.from === "client");
    expect(answers).toEqual([{ from: "client", id: 0, result: { decision: "decline" } }]);
  });

  it("goes to onServerRequest, which a thread's own handler comes before", async () => {
    const methods: string[] = [];
    await using harness = await startRecordedHarness({
      codex: {
        onServerRequest: ({ method }) => {
          methods.push(method);
          return { decision: "cancel" };
        },
      },
    });
    const thread = await harness.codex.startThread({ onApproval: () => "accept" });
    harness.model.enqueue(escalatedCall("echo hi")).reply("Done.");

    await thread.run("Go.");
    await runUnhandled(harness);

    expect(methods).toEqual(["item/commandExecution/requestApproval"]);
    const answers = harness.recording().filter((one) => "result" in one && one.from === "client");
    expect(answers).toEqual([
      { from: "client", id: 0, result: { decision: "accept" } },
      { from: "client", id: 1, result: { decision: "cancel" } },
    ]);
  });
});

describe("a request of a sub-agent's thread", () => {
  it.each([
    ["multi_agent_v1", false],
    ["collaboration", true],
  ])("goes to the thread that it works for (%s)", async (namespace, isSecondVersion) => {
    await using harness = await startHarness({
      config: { features: { multi_agent_v2: isSecondVersion } },
    });
    const asked: string[] = [];
    const thread = await harness.codex.startThread({
      onApproval: (request) => {
        asked.push(request.threadId);
        return "accept";
      },
    });
    const ended = createDeferred<string>();
    harness.model.respond((request) => {
      const hasAnswer = request.inputItems().at(-1)?.["type"] === "function_call_output";
      if (request.userTexts().includes("Spawn one.")) {
        if (hasAnswer) return [message("It is on its way.")];
        const args = JSON.stringify({ message: "Work.", task_name: "work", fork_turns: "none" });
        return [{ kind: "functionCall", name: "spawn_agent", arguments: args, namespace }];
      }
      if (!hasAnswer) return [escalatedCall("echo from the sub-agent")];
      ended.resolve(request.functionCallOutputs().at(-1)?.text ?? "");
      return [message("Done.")];
    });

    await thread.run("Spawn one.");

    // The command is not part of the output: a declined command has none.
    expect(await ended.promise).toMatch(/Output:\nfrom the sub-agent\n/);
    expect(asked).toHaveLength(1);
    expect(asked).not.toContain(thread.id);
  });
});

/** Runs a turn that sends an approval request, on a thread without a handler. */
async function runUnhandled({
  codex,
  model,
}: Awaited<ReturnType<typeof startRecordedHarness>>): Promise<void> {
  const notifications = NotificationLog.follow(codex);
  const { thread } = await codex.client.request("thread/start", {
    approvalPolicy: "on-request",
    approvalsReviewer: "user",
  });
  model.enqueue(escalatedCall("echo hi")).reply("Understood.");
  await codex.client.request("turn/start", {
    threadId: thread.id,
    input: [{ type: "text", text: "Go.", text_elements: [] }],
  });
  await notifications.first("turn/completed");
}

function isRequest({ id, method }: { readonly id?: unknown; readonly method?: string }): boolean {
  return id !== undefined && method !== undefined;
}
