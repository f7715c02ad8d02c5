import { describe, expect, it } from "vitest";

import { TurnFailedError } from "../../src/index.js";
import { agentMessage, commandExecution, userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { message, shellCall, startHarness, usage } from "../support/testingKit.js";
import { tokens } from "../support/tokens.js";

describe("Thread.run", () => {
  it("asks the model for a stream with the thread's model and the input, and returns the result", async () => {
    await using harness = await startHarness();
    harness.model.reply("Hello!");
    const thread = await harness.codex.startThread();

    const result = await thread.run("Say hello");

    const request = requestAt(harness.model, 0);
    expect({
      call: `${request.method} ${request.path}`,
      model: request.modelName(),
      stream: request.json()["stream"],
      thread: request.threadId(),
      text: request.lastUserText(),
    }).toEqual({
      call: "POST /v1/responses",
      model: "mock-model",
      stream: true,
      thread: thread.id,
      text: "Say hello",
    });
    expect(harness.model.requests).toHaveLength(1);
    expect(result).toEqual({
      id: expect.any(String),
      status: "completed",
      error: null,
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
      durationMs: expect.any(Number),
      finalResponse: "Hello!",
      items: [userMessage("Say hello"), agentMessage("Hello!")],
      usage: expect.objectContaining({
        total: tokens(1, 0, 1, 0),
        last: tokens(1, 0, 1, 0),
        modelContextWindow: 258_400,
      }),
      plan: null,
      turnUsage: tokens(1, 0, 1, 0),
      output: undefined,
    });
  });

  it("passes the options of a run on, and maps each kind of token", async () => {
    await using harness = await startHarness();
    const used = {
      inputTokens: 11,
      cachedInputTokens: 3,
      outputTokens: 7,
      reasoningOutputTokens: 5,
      totalTokens: 18,
    };
    harness.model.enqueue(message("Done."), usage(used));
    const thread = await harness.codex.startThread();

    const result = await thread.run("Work", {
      model: "other-model",
      effort: "high",
      summary: "concise",
    });

    const request = requestAt(harness.model, 0);
    expect({ model: request.modelName(), reasoning: request.json()["reasoning"] }).toEqual({
      model: "other-model",
      reasoning: { effort: "high", summary: "concise" },
    });
    const expected = { ...used, cacheWriteInputTokens: 0 };
    expect(result.usage).toMatchObject({
      total: expected,
      last: expected,
      modelContextWindow: 258_400,
    });
    expect(result.turnUsage).toEqual(expected);
  });

  it("counts in turnUsage all model calls of this turn, and none of an earlier one", async () => {
    await using harness = await startHarness();
    harness.model
      .enqueue(shellCall("echo one"), usage({ inputTokens: 100, outputTokens: 10 }))
      .enqueue(
        message("First."),
        usage({ inputTokens: 200, cachedInputTokens: 90, outputTokens: 20 }),
      )
      .enqueue(message("Second."), usage({ inputTokens: 300, outputTokens: 30 }));
    const thread = await harness.codex.startThread();

    const first = await thread.run("one");
    const second = await thread.run("two");

    expect([first.turnUsage, second.turnUsage]).toEqual([
      tokens(300, 90, 30, 0),
      tokens(300, 0, 30, 0),
    ]);
    expect([first.usage?.last, first.usage?.total]).toEqual([
      tokens(200, 90, 20, 0),
      tokens(300, 90, 30, 0),
    ]);
    expect([second.usage?.last, second.usage?.total]).toEqual([
      tokens(300, 0, 30, 0),
      tokens(600, 90, 60, 0),
    ]);
  });

  it("continues with the history of the thread's earlier turns", async () => {
    await using harness = await startHarness();
    harness.model.reply("Noted.").reply("Blue.");
    const thread = await harness.codex.startThread();

    await thread.run("My colour is blue.");
    await thread.run("Which colour?");

    const request = requestAt(harness.model, 1);
    expect(request.userTexts().slice(-2)).toEqual(["My colour is blue.", "Which colour?"]);
    expect(request.messageTexts("assistant")).toEqual(["Noted."]);
  });

  it("gives by turn() and run() the same result as by run(), with the command and the message", async () => {
    const resultOf = async (how: "run" | "turn") => {
      await using harness = await startHarness();
      harness.model.enqueue(shellCall("echo same", {}, { callId: "call_1" })).reply("Ran it.");
      const thread = await harness.codex.startThread();
      if (how === "run") return await thread.run("Run it");
      return await (await thread.turn("Run it")).run();
    };

    const [byRun, byTurn] = await Promise.all([resultOf("run"), resultOf("turn")]);

    const expected = {
      id: expect.any(String),
      status: "completed",
      error: null,
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
      durationMs: expect.any(Number),
      finalResponse: "Ran it.",
      items: [
        userMessage("Run it"),
        commandExecution({ id: "call_1", command: "echo same", output: "same\n" }),
        agentMessage("Ran it."),
      ],
      usage: expect.objectContaining({
        total: tokens(2, 0, 2, 0),
        last: tokens(1, 0, 1, 0),
        modelContextWindow: 258_400,
      }),
      plan: null,
      turnUsage: tokens(2, 0, 2, 0),
      output: undefined,
    };
    expect([byRun, byTurn]).toEqual([expected, expected]);
  });
});

describe("finalResponse", () => {
  const finalResponseOf = async (...messages: Parameters<typeof message>[]) => {
    await using harness = await startHarness();
    harness.model.enqueue(...messages.map((args) => message(...args)));
    const thread = await harness.codex.startThread();
    return (await thread.run("Say something")).finalResponse;
  };

  it("is the last message of those with no phase", async () => {
    expect(await finalResponseOf(["First."], ["Last."])).toBe("Last.");
  });

  it("is the empty text when the last message is empty", async () => {
    expect(await finalResponseOf(["First."], [""])).toBe("");
  });

  it("is null when there is commentary alone", async () => {
    expect(await finalResponseOf(["Looking.", { phase: "commentary" }])).toBeNull();
  });

  it("is the final answer, whatever comes after it", async () => {
    expect(
      await finalResponseOf(
        ["An earlier answer.", { phase: "final_answer" }],
        ["The answer.", { phase: "final_answer" }],
        ["Tidying up.", { phase: "commentary" }],
        ["No phase."],
      ),
    ).toBe("The answer.");
  });

  it("is null when the turn has no message", async () => {
    await using harness = await startHarness();
    harness.model.enqueue();
    const thread = await harness.codex.startThread();

    const { status, finalResponse, items } = await thread.run("Say nothing");

    expect({ status, finalResponse, items }).toEqual({
      status: "completed",
      finalResponse: null,
      items: [userMessage("Say nothing")],
    });
  });
});

describe("a failed turn", () => {
  it("throws a TurnFailedError with the model's message, the wire's error and the whole result", async () => {
    await using harness = await startHarness();
    harness.model
      .enqueue(shellCall("echo before", {}, { callId: "call_1" }))
      .fail("server_error", "boom from mock model");
    const thread = await harness.codex.startThread();

    const error: unknown = await thread.run("Fail").catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(TurnFailedError);
    const turnError = {
      message: "stream disconnected before completion: boom from mock model",
      codexErrorInfo: "other",
      additionalDetails: null,
      misalignment: null,
    };
    expect(error).toMatchObject({
      name: "TurnFailedError",
      code: "TURN_FAILED",
      message: "stream disconnected before completion: boom from mock model",
      turnError,
      result: {
        id: expect.any(String),
        status: "failed",
        error: turnError,
        finalResponse: null,
        items: [
          userMessage("Fail"),
          commandExecution({ id: "call_1", command: "echo before", output: "before\n" }),
        ],
        plan: null,
        turnUsage: tokens(1, 0, 1, 0),
      },
    });
  });

  it("leaves the thread usable", async () => {
    await using harness = await startHarness();
    harness.model.fail("server_error", "boom from mock model").reply("Better.");
    const thread = await harness.codex.startThread();
    await expect(thread.run("Fail")).rejects.toBeInstanceOf(TurnFailedError);

    expect((await thread.run("Again")).finalResponse).toBe("Better.");
  });
});
