import { connect } from "node:net";

import { describe, expect, it } from "vitest";

import {
  delay,
  destroySocket,
  failure,
  functionCall,
  httpStatus,
  message,
  rawSse,
  reasoning,
  type ScriptStep,
  streamedMessage,
  truncation,
  usage,
} from "../../../src/testing/index.js";
import { ScriptedModel } from "../../../src/testing/scriptedModel.js";
import { ask, eventsOf, textEvents, userMessage } from "./responsesClient.js";

const defaultUsage = {
  input_tokens: 1,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 1,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 2,
};

describe("the steps of a scripted response", () => {
  it("sends a message between the response's beginning and its end", async () => {
    await using model = await ScriptedModel.start();
    model.reply("Hello", { phase: "final_answer" });

    const response = await ask(model);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await eventsOf(response)).toEqual([
      { type: "response.created", response: { id: "resp_1" } },
      {
        type: "response.output_item.done",
        item: {
          type: "message",
          role: "assistant",
          id: "msg_1_1",
          phase: "final_answer",
          content: [{ type: "output_text", text: "Hello" }],
        },
      },
      { type: "response.completed", response: { id: "resp_1", usage: defaultUsage } },
    ]);
  });

  it("streams a message delta by delta and ends with its whole text", async () => {
    await using model = await ScriptedModel.start();
    model.streamText(["Hel", delay(1), "lo"], { id: "msg_a" });

    const events = await eventsOf(await ask(model));

    expect(events.slice(1, -1)).toEqual([
      {
        type: "response.output_item.added",
        item: { type: "message", role: "assistant", id: "msg_a", content: [] },
      },
      { type: "response.output_text.delta", item_id: "msg_a", delta: "Hel" },
      { type: "response.output_text.delta", item_id: "msg_a", delta: "lo" },
      {
        type: "response.output_item.done",
        item: {
          type: "message",
          role: "assistant",
          id: "msg_a",
          content: [{ type: "output_text", text: "Hello" }],
        },
      },
    ]);
  });

  it("sends reasoning, a tool call, raw text and the stated usage", async () => {
    await using model = await ScriptedModel.start();
    model.enqueue(
      reasoning("think", { content: ["raw"] }),
      functionCall("echo", { text: "hi" }, { namespace: "mcp__tiny", callId: "call_a" }),
      rawSse('event: x\ndata: {"type":"x"}\n\n'),
      usage({ inputTokens: 11, cachedInputTokens: 3, outputTokens: 7, reasoningOutputTokens: 5 }),
    );

    const events = await eventsOf(await ask(model));

    const id = "rs_1_1";
    expect(events.slice(1)).toEqual([
      {
        type: "response.output_item.added",
        item: { type: "reasoning", id, summary: [], content: [] },
      },
      { type: "response.reasoning_summary_part.added", item_id: id, summary_index: 0 },
      {
        type: "response.reasoning_summary_text.delta",
        item_id: id,
        summary_index: 0,
        delta: "think",
      },
      { type: "response.reasoning_text.delta", item_id: id, content_index: 0, delta: "raw" },
      {
        type: "response.output_item.done",
        item: {
          type: "reasoning",
          id,
          summary: [{ type: "summary_text", text: "think" }],
          content: [{ type: "reasoning_text", text: "raw" }],
        },
      },
      {
        type: "response.output_item.done",
        item: {
          type: "function_call",
          call_id: "call_a",
          namespace: "mcp__tiny",
          name: "echo",
          arguments: '{"text":"hi"}',
        },
      },
      { type: "x" },
      {
        type: "response.completed",
        response: {
          id: "resp_1",
          usage: {
            input_tokens: 11,
            input_tokens_details: { cached_tokens: 3 },
            output_tokens: 7,
            output_tokens_details: { reasoning_tokens: 5 },
            total_tokens: 18,
          },
        },
      },
    ]);
  });

  it("ends a response with a failure, an early end, a cut connection or an HTTP status", async () => {
    await using model = await ScriptedModel.start();
    model
      .enqueue(message("a"), failure("server_error", "boom"))
      .enqueue(message("b"), truncation())
      .enqueue(streamedMessage(["c"]), destroySocket())
      .enqueue(httpStatus(429, { body: { error: "slow" }, headers: { "retry-after": "1" } }));

    const failed = await eventsOf(await ask(model));
    const truncated = await eventsOf(await ask(model));
    const cut = await ask(model);
    const cutError = await cut.text().catch((error: unknown) => error);
    const refused = await ask(model);

    expect(failed.at(-1)).toEqual({
      type: "response.failed",
      response: { id: "resp_1", error: { code: "server_error", message: "boom" } },
    });
    expect(truncated.map((event) => event.type)).toEqual([
      "response.created",
      "response.output_item.done",
    ]);
    expect(cut.status).toBe(200);
    expect(cutError).toBeInstanceOf(TypeError);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toEqual({ error: "slow" });
  });

  it.each<[string, ScriptStep[]]>([
    ['"message" comes after "failure"', [failure("server_error", "boom"), message("a")]],
    ['"httpStatus" comes after "message"', [message("a"), httpStatus(500)]],
  ])("refuses a script in which %s", async (problem, steps) => {
    await using model = await ScriptedModel.start();

    expect(() => model.enqueue(...steps)).toThrow(problem);
    expect(model.pendingResponses).toBe(0);
  });
});

describe("the choice of a response", () => {
  it("gives the responses in order, and an error that names a request without a script", async () => {
    await using model = await ScriptedModel.start();
    model.reply("one").reply("two");

    const first = await eventsOf(await ask(model));
    const second = await eventsOf(await ask(model));
    const third = await ask(model, userMessage("what now"));

    expect([...textEvents(first), ...textEvents(second)]).toEqual(["one", "two"]);
    expect(third.status).toBe(400);
    expect(await third.text()).toBe(
      'the script of ScriptedModel has no step for request #3 (the last user text is "what now"): add a step with enqueue(), reply() or respond().',
    );
    expect(model.unscripted).toEqual([model.requests[2]]);
  });

  it("asks the responder first, and the queue where it returns undefined", async () => {
    await using model = await ScriptedModel.start();
    model.reply("from the queue").respond((request) => {
      const asked = request.lastUserText();
      return asked === "other" ? undefined : [message(`re: ${asked}`)];
    });

    const [a, b, other] = await Promise.all(
      ["a", "b", "other"].map(async (asked) => eventsOf(await ask(model, userMessage(asked)))),
    );

    expect([a, b, other].map((events) => textEvents(events ?? []))).toEqual([
      ["re: a"],
      ["re: b"],
      ["from the queue"],
    ]);
  });

  it("shows the error of a responder that throws", async () => {
    await using model = await ScriptedModel.start();
    model.respond(() => {
      throw new Error("no such thread");
    });

    const response = await ask(model);

    expect(response.status).toBe(400);
    expect(await response.text()).toBe("the script of ScriptedModel failed: Error: no such thread");
  });

  it("lists its model, and answers other paths with 404", async () => {
    await using model = await ScriptedModel.start();

    const models = await fetch(`${model.url}/models?client_version=1`);
    const unknown = await fetch(`${model.url}/files`);

    expect(await models.json()).toEqual({
      object: "list",
      data: [{ id: "mock-model", object: "model", created: 0, owned_by: "scripted-model" }],
    });
    expect(unknown.status).toBe(404);
    expect(model.otherRequests.map(({ path }) => path)).toEqual([
      "/v1/models?client_version=1",
      "/v1/files",
    ]);
    expect(model.requests).toEqual([]);
  });
});

describe("a script without an end", () => {
  it("keeps the newest requests only, and counts all of them", async () => {
    await using model = await ScriptedModel.start({ keptRequests: 3 });
    model.respond(({ number }) => (number > 8 ? undefined : [message(`${number}`)]));

    for (let count = 0; count < 10; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await (await ask(model)).text();
    }

    expect(model.requestCount).toBe(10);
    expect(model.requests.map(({ number }) => number)).toEqual([8, 9, 10]);
    expect(model.unscripted.map(({ number }) => number)).toEqual([9, 10]);
    expect((await model.waitForRequests(5)).map(({ number }) => number)).toEqual([8, 9, 10]);
  });
});

describe("closing a scripted model", () => {
  it("cuts open responses, ends gates and waiters, and frees the port", async () => {
    const model = await ScriptedModel.start();
    const gate = model.gate();
    const unreached = model.gate();
    model.enqueue(message("a"), gate);
    const response = await ask(model);
    await gate.reached;
    const waiting = model.waitForRequests(2).catch((error: unknown) => error);

    await Promise.all([model.close(), model.close()]);

    await expect(response.text()).rejects.toThrow("terminated");
    await expect(unreached.reached).rejects.toMatchObject({ code: "CLOSED" });
    await expect(model.gate().reached).rejects.toMatchObject({ code: "CLOSED" });
    expect(await waiting).toMatchObject({ code: "CLOSED" });
    await expect(model.waitForRequests(2)).rejects.toMatchObject({ code: "CLOSED" });
    expect(await connectError(model.url)).toBe("ECONNREFUSED");
  });
});

function connectError(url: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.once("connect", () => {
      socket.destroy();
      reject(new Error(`${url} still listens.`));
    });
  });
}
