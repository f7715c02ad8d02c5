import { describe, expect, it } from "vitest";
import { z } from "zod";

import { toolImage, toolText } from "../../src/api/tools/toolContent.js";
import { tool, type ToolContext } from "../../src/api/tools/tools.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { type Harness, startHarness } from "../support/testingKit.js";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const NO_INPUT = { type: "object", properties: {} };

/** Returns the output of the last tool call that the model received. */
function lastOutput({ model }: Harness): unknown {
  return model.requests.at(-1)?.functionCallOutputs().at(-1)?.output;
}

describe("a tool of the application", () => {
  it("is sent to the model, receives typed input, and returns JSON", async () => {
    await using harness = await startHarness();
    const calls: unknown[] = [];
    const weather = tool({
      name: "weather",
      description: "Tells the weather of a city.",
      inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
      execute: ({ city, days }, { signal, ...context }) => {
        calls.push({ city, days, context, isAborted: signal.aborted });
        return { city, degrees: [21].slice(0, days) };
      },
    });
    const thread = await harness.codex.startThread({ tools: [weather] });
    harness.model.callFunction("weather", { city: "Bonn" }, { callId: "call_1" }).reply("Warm.");

    const result = await thread.run("Go.");

    expect(result.finalResponse).toBe("Warm.");
    expect(lastOutput(harness)).toBe('{"city":"Bonn","degrees":[21]}');
    expect(calls).toEqual([
      {
        city: "Bonn",
        days: 1,
        context: { callId: "call_1", threadId: thread.id, turnId: result.id },
        isAborted: false,
      },
    ]);
    const tools = harness.model.requests[0]?.json()["tools"];
    expect(tools).toContainEqual(
      expect.objectContaining({
        type: "function",
        name: "weather",
        description: "Tells the weather of a city.",
        parameters: expect.objectContaining({ type: "object", required: ["city"] }),
      }),
    );
    expect(result.items.find((item) => item.type === "dynamicToolCall")).toMatchObject({
      id: "call_1",
      tool: "weather",
      status: "completed",
      success: true,
    });
  });

  it("may return text and an image", async () => {
    await using harness = await startHarness();
    const data = Buffer.from(PIXEL, "base64");
    const draw = tool({
      name: "draw",
      description: "Draws.",
      inputSchema: NO_INPUT,
      execute: () => [toolText("Here it is."), toolImage({ data, mimeType: "image/png" })],
    });
    const thread = await harness.codex.startThread({ tools: [draw] });
    harness.model.callFunction("draw", {}).reply("Nice.");

    await thread.run("Go.");

    expect(lastOutput(harness)).toEqual([
      { type: "input_text", text: "Here it is." },
      expect.objectContaining({
        type: "input_image",
        image_url: expect.stringMatching(/^data:image\/png;base64,/),
      }),
    ]);
  });

  it.each([
    ["with the message of an error that it throws", { city: "Bonn" }, "No such city: Bonn"],
    [
      "with the issues of invalid arguments, and is not executed",
      { city: 5 },
      "The arguments of weather are not valid:\n- city: Invalid input: expected string, received number",
    ],
  ])("returns a failed call to the model %s", async (_what, args, text) => {
    await using harness = await startHarness();
    const weather = tool({
      name: "weather",
      description: "Tells the weather of a city.",
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }): Promise<string> => {
        throw new Error(`No such city: ${city}`);
      },
    });
    const thread = await harness.codex.startThread({ tools: [weather] });
    harness.model.callFunction("weather", args).reply("Well.");
    harness.model.reply("Still here.");

    const result = await thread.run("Go.");
    const next = await thread.run("Are you there?");

    expect(result.items.find((item) => item.type === "dynamicToolCall")).toMatchObject({
      status: "failed",
      success: false,
      contentItems: [{ type: "inputText", text }],
    });
    expect(harness.model.requests[1]?.functionCallOutputs().at(-1)?.output).toBe(text);
    expect(next.finalResponse).toBe("Still here.");
  });

  it("belongs to one thread: two threads may have different tools with the same name", async () => {
    await using harness = await startHarness();
    const named = (answer: string) =>
      tool({ name: "who", description: "Says who.", inputSchema: NO_INPUT, execute: () => answer });
    const one = await harness.codex.startThread({ tools: [named("I am one.")] });
    const two = await harness.codex.startThread({ tools: [named("I am two.")] });
    const answers: unknown[] = [];
    for (const thread of [one, two]) {
      harness.model.callFunction("who", {}).reply("Done.");
      // oxlint-disable-next-line no-await-in-loop -- the script's answers have one order
      await thread.run("Who?");
      answers.push(lastOutput(harness));
    }

    expect(answers).toEqual(["I am one.", "I am two."]);
  });

  it("may call back into its own client while the turn waits", async () => {
    await using harness = await startHarness();
    const threads = tool({
      name: "models",
      description: "Counts the models.",
      inputSchema: NO_INPUT,
      execute: async () => (await harness.codex.models()).data.length > 0,
    });
    const thread = await harness.codex.startThread({ tools: [threads] });
    harness.model.callFunction("models", {}).reply("Done.");

    await thread.run("Go.");

    expect(lastOutput(harness)).toBe("true");
  });

  it("has its signal aborted when the turn is interrupted, and its late result is not sent", async () => {
    await using harness = await startRecordedHarness();
    const called = createDeferred<ToolContext>();
    const finish = createDeferred<string>();
    const slow = tool({
      name: "slow",
      description: "Takes its time.",
      inputSchema: NO_INPUT,
      execute: (_input, context) => {
        called.resolve(context);
        return finish.promise;
      },
    });
    const thread = await harness.codex.startThread({ tools: [slow] });
    harness.model.callFunction("slow", {}).reply("Next.");
    const turn = await thread.turn("Go.");
    const { signal } = await called.promise;
    expect(signal.aborted).toBe(false);

    await turn.interrupt();
    const result = await turn.run();
    expect(signal.aborted).toBe(true);
    finish.resolve("Too late.");
    const next = await thread.run("Another one.");

    expect([result.status, next.finalResponse]).toEqual(["interrupted", "Next."]);
    const answers = harness.recording().filter((one) => "result" in one && one.from === "client");
    expect(answers).toEqual([]);
  });
});

describe("a call of a tool that the thread has no function for", () => {
  const found = { success: true, contentItems: [{ type: "inputText", text: "Found." }] };

  it.each([
    ["is a failed call", undefined, "The application has no tool of this name."],
    ["goes to onServerRequest, if there is one", () => found, "Found."],
  ])("%s", async (_what, onServerRequest, text) => {
    await using harness = await startHarness({ codex: { onServerRequest } });
    const named = (name: string) =>
      tool({ name, description: "", inputSchema: NO_INPUT, execute: () => "No." });
    const thread = await harness.codex.startThread({ tools: [named("lost")] });
    harness.model.reply("Hello.");
    await thread.run("Hi.");
    // As a thread that another program started would be resumed: without the functions of its tools.
    await harness.codex.resumeThread(thread.id, { tools: [] });
    harness.model.callFunction("lost", {}).reply("Done.");

    await thread.run("Go.");

    expect(lastOutput(harness)).toBe(text);
  });
});
