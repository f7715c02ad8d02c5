import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type ApprovalDecision, Codex, type CodexOptions, tool } from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { commandsOf, escalatedCall } from "../support/approvalScripts.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { requestAt } from "../support/modelRequests.js";
import { functionCall, type Harness, startHarness } from "../support/testingKit.js";

// The rule: on a runtime that other clients may use, a client answers by default only what its own turns
// ask for.

const APPROVAL = "item/commandExecution/requestApproval";
const COMMAND = escalatedCall("echo hi", "call_1");
const ACCEPTED = { call_1: { status: "completed", output: "hi\n" } };

/** Starts a runtime that listens; `connect` makes one more client of it. */
async function shareRuntime(harness: Harness, transport: "websocket" | "unix") {
  const path = join(harness.workspace, "shared.sock");
  const runtime =
    transport === "unix"
      ? await ListeningRuntime.startOnSocket(harness, path)
      : await ListeningRuntime.start(harness);
  const clients: Codex[] = [];
  return {
    connect: (options: CodexOptions = {}) => {
      const address =
        transport === "unix"
          ? ({ type: "unix", path } as const)
          : ({ type: "websocket", url: runtime.url } as const);
      const codex = new Codex({ ...options, transport: address });
      clients.push(codex);
      return codex;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((codex) => codex.close()));
      await runtime[Symbol.asyncDispose]();
    },
  };
}

/** Resolves once a client has received a request of this method, and passed it on to its default. */
function hasReceived(codex: Codex, method: typeof APPROVAL | "item/tool/call"): Promise<void> {
  const received = createDeferred<void>();
  codex.client.onServerRequest(method, () => {
    received.resolve();
    return undefined;
  });
  return received.promise;
}

/** Waits until the runtime has read all that a client has sent. */
async function flush(codex: Codex): Promise<void> {
  await codex.client.request("thread/loaded/list", {});
}

const TRANSPORTS =
  process.platform === "win32" ? ["websocket" as const] : (["websocket", "unix"] as const);

describe.each(TRANSPORTS)("two clients of one runtime, by %s", (transport) => {
  it("leave an approval to the handler of the client that started the turn", async () => {
    await using harness = await startHarness();
    await using shared = await shareRuntime(harness, transport);
    const [first, second] = [shared.connect(), shared.connect()];
    const decision = createDeferred<ApprovalDecision>();
    const thread = await first.startThread({ onApproval: () => decision.promise });
    harness.model.reply("Hello.").enqueue(COMMAND).reply("Done.");
    await thread.run("Hi.");
    await second.resumeThread(thread.id);
    const asked = hasReceived(second, APPROVAL);

    const running = thread.run("Go.");
    await asked;
    await flush(second);
    decision.resolve("accept");

    expect(commandsOf((await running).items)).toEqual(ACCEPTED);
  });

  it("leave an approval without a handler to the client that started the turn, which declines", async () => {
    await using harness = await startHarness();
    await using shared = await shareRuntime(harness, transport);
    const [first, second] = [shared.connect(), shared.connect()];
    harness.model.reply("Hello.").enqueue(COMMAND).reply("Understood.");
    const { thread } = await first.client.request("thread/start", {
      approvalPolicy: "on-request",
      approvalsReviewer: "user",
    });
    await first.thread(thread.id).run("Hi.");
    await second.resumeThread(thread.id);
    const asked = hasReceived(second, APPROVAL);

    const result = await first.thread(thread.id).run("Go.");
    await asked;

    expect([result.finalResponse, commandsOf(result.items)]).toEqual([
      "Understood.",
      { call_1: { status: "declined", output: null } },
    ]);
  });
});

describe("two clients of one runtime", () => {
  it("leave a tool call to the client that started the turn", async () => {
    await using harness = await startHarness();
    await using shared = await shareRuntime(harness, "websocket");
    const [first, second] = [shared.connect(), shared.connect()];
    const output = createDeferred<string>();
    const look = tool({
      name: "look",
      description: "Looks.",
      inputSchema: { type: "object", properties: {} },
      execute: () => output.promise,
    });
    const thread = await first.startThread({ tools: [look] });
    harness.model.reply("Hello.").enqueue(functionCall("look", {})).reply("Done.");
    await thread.run("Hi.");
    await second.resumeThread(thread.id);
    const asked = hasReceived(second, "item/tool/call");

    const running = thread.run("Go.");
    await asked;
    await flush(second);
    output.resolve("seen by the first");
    await running;

    expect(requestAt(harness.model, 2).body).toContain("seen by the first");
  });

  it("let the second decide when the first has gone with its turn open", async () => {
    await using harness = await startHarness();
    await using shared = await shareRuntime(harness, "websocket");
    const [first, second] = [shared.connect(), shared.connect()];
    const asked = createDeferred<void>();
    const thread = await first.startThread({
      onApproval: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    harness.model.enqueue(COMMAND).reply("Done.");
    const turn = await thread.turn("Go.");
    await asked.promise;
    await first.close();

    const ended = endOf(second, turn.id);
    const resumed = await second.resumeThread(thread.id, { onApproval: () => "accept" });
    await ended;
    const { data } = await resumed.listItems();

    expect(commandsOf(data.map(({ item }) => item))).toEqual(ACCEPTED);
  });
});

/** Resolves once the turn has ended. */
async function endOf(codex: Codex, turnId: string): Promise<void> {
  for await (const { method, params } of codex.notifications()) {
    if (method === "turn/completed" && params.turn.id === turnId) return;
  }
}
