import { describe, expect, it } from "vitest";

import { ModelRequest } from "../../../src/testing/modelRequest.js";
import { ScriptedModel } from "../../../src/testing/scriptedModel.js";
import { ask, userMessage } from "./responsesClient.js";

const body = {
  model: "mock-model",
  prompt_cache_key: "thread-1",
  reasoning: { effort: "high" },
  text: { format: { type: "json_schema", name: "codex_output_schema" } },
  tools: [
    { type: "function", name: "exec_command" },
    { type: "web_search" },
    { type: "namespace", name: "mcp__tiny", tools: [{ type: "function", name: "echo" }] },
  ],
  input: [
    { type: "message", role: "developer", content: [{ type: "input_text", text: "be brief" }] },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "look" },
        { type: "input_image", image_url: "data:image/png;base64,AA==" },
      ],
    },
    { type: "function_call", call_id: "call_1", name: "exec_command", arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: "done" },
    {
      type: "function_call_output",
      call_id: "call_2",
      output: [{ type: "input_text", text: "a" }, { type: "input_image" }, { text: "b" }],
    },
  ],
};

describe("a recorded request", () => {
  it("reads what the runtime asked of the model", () => {
    const request = new ModelRequest(1, {
      method: "POST",
      path: "/v1/responses",
      headers: { authorization: "Bearer sk-test" },
      body: JSON.stringify(body),
    });

    expect({
      json: request.json(),
      header: request.header("Authorization"),
      missing: request.header("x-missing"),
      modelName: request.modelName(),
      threadId: request.threadId(),
      developer: request.messageTexts("developer"),
      userTexts: request.userTexts(),
      lastUserText: request.lastUserText(),
      imageUrls: request.imageUrls(),
      toolNames: request.toolNames(),
      outputs: request.functionCallOutputs().map(({ callId, text }) => [callId, text]),
      textFormat: request.textFormat(),
      effort: request.reasoningEffort(),
    }).toEqual({
      json: body,
      header: "Bearer sk-test",
      missing: undefined,
      modelName: "mock-model",
      threadId: "thread-1",
      developer: ["be brief"],
      userTexts: ["look"],
      lastUserText: "look",
      imageUrls: ["data:image/png;base64,AA=="],
      toolNames: ["exec_command", "web_search", "mcp__tiny.echo"],
      outputs: [
        ["call_1", "done"],
        ["call_2", "a\nb"],
      ],
      textFormat: { type: "json_schema", name: "codex_output_schema" },
      effort: "high",
    });
  });

  it("reads nothing where the request has no text", () => {
    const request = new ModelRequest(1, { method: "POST", path: "/", headers: {}, body: "{}" });

    expect([
      request.userTexts(),
      request.imageUrls(),
      request.toolNames(),
      request.functionCallOutputs(),
      request.textFormat(),
      request.reasoningEffort(),
      request.lastUserText(),
    ]).toEqual([[], [], [], [], undefined, undefined, undefined]);
  });

  it.each(["[]", "{", "null"])("throws when its body is %s and not a JSON object", (text) => {
    const request = new ModelRequest(1, { method: "POST", path: "/r", headers: {}, body: text });

    expect(() => request.json()).toThrow(`The body of POST /r is not a JSON object: ${text}`);
  });
});

describe("waiting for requests", () => {
  it("resolves as soon as there are enough of them", async () => {
    await using model = await ScriptedModel.start();
    model.reply("one").reply("two");

    const waiting = model.waitForRequests(2);
    await Promise.all([ask(model, userMessage("a")), ask(model, userMessage("b"))]);

    const requests = await waiting;
    expect(requests.map((request) => request.number)).toEqual([1, 2]);
    expect(requests.map((request) => request.lastUserText()).toSorted()).toEqual(["a", "b"]);
    expect(await model.waitForRequests(1)).toEqual(requests);
  });

  it("rejects with the signal's reason, before or while it waits", async () => {
    await using model = await ScriptedModel.start();
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = model.waitForRequests(1, { signal: controller.signal });

    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    await expect(model.waitForRequests(1, { signal: controller.signal })).rejects.toBe(reason);
  });
});
