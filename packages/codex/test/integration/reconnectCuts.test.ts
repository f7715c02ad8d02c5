import type { ServerNotification } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { type Cut, CuttingProxy } from "../support/cuttingProxy.js";
import { ListeningRuntime } from "../support/listeningRuntime.js";
import { type Harness, shellCall, startHarness, streamedMessage } from "../support/testingKit.js";

// The rule: wherever a connection is cut, delayed or half-closed, each item of a turn comes once, in order,
// in the stream and in the result; what cannot be known ends with an error that shows it.

const TURN = ["userMessage", "commandExecution", "agentMessage"];
const WHOLE = {
  items: TURN,
  streamed: TURN,
  last: "turn/completed",
  modelCalls: 2,
  final: "Hello",
};

/**
 * The errors of calls whose outcome nobody can know: of the first start, of a thread without a turn, and of
 * a turn that the runtime has not begun when the thread is resumed.
 */
const UNKNOWABLE = ["CONNECT_FAILED", "TRANSPORT_CLOSED", "REQUEST_OUTCOME_UNKNOWN"];

/** Starts a listening runtime whose model calls a command first, and then answers. */
async function listen(harness: Harness): Promise<ListeningRuntime> {
  harness.model.respond((request) =>
    request.functionCallOutputs().length === 0
      ? [shellCall("echo one", {})]
      : [streamedMessage(["Hel", "lo"])],
  );
  return ListeningRuntime.start(harness);
}

/** Runs a turn over connections that are cut, and returns what its caller sees. */
async function runTurn(harness: Harness, runtime: ListeningRuntime, cuts: readonly Cut[]) {
  await using proxy = await CuttingProxy.start(runtime.url, cuts);
  const reconnect = { attempts: 20, delayMs: 1, maxDelayMs: 50 };
  await using codex = new Codex({ transport: { type: "websocket", url: proxy.url, reconnect } });
  const thread = await codex.startThread({ approvalMode: "deny_all", sandbox: "read-only" });
  const turn = await thread.turn("hi");
  const events: ServerNotification[] = [];
  for await (const event of turn.stream()) events.push(event);
  const { items, finalResponse } = await turn.result;
  const streamed = events.flatMap(({ method, params }) =>
    method === "item/completed" && "item" in params ? [params.item.type] : [],
  );
  const calls = harness.model.requests.filter((request) => request.threadId() === thread.id);
  const seen = {
    items: items.map(({ type }) => type),
    streamed,
    last: events.at(-1)?.method,
    modelCalls: calls.length,
    final: finalResponse,
  };
  return { seen, messages: proxy.passed, connections: proxy.connections };
}

describe("a turn over a connection that is", () => {
  it.each(["reset", "halfClose", "delay"] as const)(
    "%s behind each message of the runtime in turn, has each item once",
    async (how) => {
      await using harness = await startHarness();
      await using runtime = await listen(harness);
      const { seen: uncut, messages } = await runTurn(harness, runtime, []);
      expect(uncut).toEqual(WHOLE);

      const failures: string[] = [];
      for (let afterMessages = 1; afterMessages < messages; afterMessages += 1) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- the turns share the script of the model
          const { seen } = await runTurn(harness, runtime, [{ afterMessages, how }]);
          expect(seen, `${how} after message ${afterMessages} of ${messages}`).toEqual(WHOLE);
        } catch (error) {
          if (!(error instanceof Error && "code" in error)) throw error;
          failures.push(String(error.code));
        }
      }

      expect(failures.filter((code) => !UNKNOWABLE.includes(code))).toEqual([]);
      // Only before the thread has its turn: the runtime does not store a thread without one.
      expect(failures.length).toBeLessThan(messages / 4);
      expect(messages).toBeGreaterThan(15);
    },
    200_000,
  );

  it("cut again and again, has each item once", async () => {
    await using harness = await startHarness();
    await using runtime = await listen(harness);
    const cuts = [11, 3, 4, 5, 6, 7].map((afterMessages) => ({
      afterMessages,
      how: "reset" as const,
    }));

    const { seen, connections } = await runTurn(harness, runtime, cuts);

    expect(seen).toEqual(WHOLE);
    expect(connections).toBeGreaterThan(2);
  });
});
