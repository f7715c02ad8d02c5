import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as z from "zod";

import { InvalidOptionError, OutputValidationError } from "../../src/errors.js";
import { agentMessage, userMessage } from "../support/expectedItems.js";
import { requestAt } from "../support/modelRequests.js";
import { message, startHarness, streamedMessage } from "../support/testingKit.js";

const formatOf = (schema: unknown) => ({
  type: "json_schema",
  strict: true,
  name: "codex_output_schema",
  schema,
});

/** The strict JSON Schema that the model service receives for each of the three schemas below. */
const strictReview = {
  type: "object",
  properties: {
    verdict: { type: "string", enum: ["bad", "good"] },
    remark: { anyOf: [{ type: "string" }, { type: "null" }] },
  },
  required: ["verdict", "remark"],
  additionalProperties: false,
};

describe("outputSchema", () => {
  it.each([
    ["zod", z.object({ verdict: z.enum(["bad", "good"]), remark: z.string().optional() })],
    ["arktype", type({ verdict: "'bad' | 'good'", "remark?": "string" })],
    [
      "valibot",
      toStandardJsonSchema(
        v.object({ verdict: v.picklist(["bad", "good"]), remark: v.optional(v.string()) }),
      ),
    ],
  ])("of %s reaches the model in strict form, and types the output", async (_, schema) => {
    await using harness = await startHarness();
    harness.model.reply('{"verdict":"good","remark":null}');
    const thread = await harness.codex.startThread();

    const result = await thread.run("Review", { outputSchema: schema });

    expect(requestAt(harness.model, 0).textFormat()).toEqual(formatOf(strictReview));
    expect({ text: result.finalResponse, output: result.output }).toStrictEqual({
      text: '{"verdict":"good","remark":null}',
      output: { verdict: "good" },
    });
  });

  it("as a JSON Schema reaches the model without changes, and the answer is parsed", async () => {
    await using harness = await startHarness();
    harness.model.reply('{"b":[1]}');
    const thread = await harness.codex.startThread();
    const schema = { type: "object", properties: { a: { type: "string", default: "x" } } };

    const result = await thread.run("Answer", { outputSchema: schema });

    expect(requestAt(harness.model, 0).textFormat()).toEqual(formatOf(schema));
    expect({ text: result.finalResponse, output: result.output }).toEqual({
      text: '{"b":[1]}',
      output: { b: [1] },
    });
  });

  it("applies only to its own turn", async () => {
    await using harness = await startHarness();
    harness.model.reply('{"a":1}').reply("plain");
    const thread = await harness.codex.startThread();

    const first = await thread.run("One", { outputSchema: z.object({ a: z.number() }) });
    const second = await thread.run("Two");

    expect(harness.model.requests.map((request) => request.textFormat()?.["name"])).toEqual([
      "codex_output_schema",
      undefined,
    ]);
    expect([first.output, second.output]).toEqual([{ a: 1 }, undefined]);
  });

  it("applies to the final answer and not to commentary, also for a handle", async () => {
    await using harness = await startHarness();
    harness.model.enqueue(
      message("let me think", { phase: "commentary" }),
      message('{"a":1}', { phase: "final_answer" }),
    );
    const thread = await harness.codex.startThread();

    const handle = await thread.turn("Go", { outputSchema: z.object({ a: z.number() }) });

    expect((await handle.run()).output).toEqual({ a: 1 });
  });

  it.each([
    ['{"a":1', "not JSON: "],
    ["not json", "not JSON: "],
    ['{"a":"one"}', "Invalid input: expected number, received string"],
  ])("rejects the answer %j with the whole turn", async (text, issue) => {
    await using harness = await startHarness();
    harness.model.reply(text);
    const thread = await harness.codex.startThread();

    const failure: unknown = await thread
      .run("Go", { outputSchema: z.object({ a: z.number() }) })
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(OutputValidationError);
    expect(failure).toMatchObject({
      code: "OUTPUT_VALIDATION",
      text,
      issues: [{ message: expect.stringContaining(issue) }],
      result: {
        status: "completed",
        finalResponse: text,
        items: [userMessage("Go"), agentMessage(text)],
        output: undefined,
      },
    });
  });

  it("does not reject a turn that was interrupted: its result has no output", async () => {
    await using harness = await startHarness();
    const gate = harness.model.gate();
    harness.model.enqueue(streamedMessage(['{"a":', gate, "1}"]));
    const thread = await harness.codex.startThread();
    const handle = await thread.turn("Go", { outputSchema: z.object({ a: z.number() }) });
    const running = handle.run();

    await gate.reached;
    await handle.interrupt();
    const result = await running;

    expect(result).toMatchObject({ id: handle.id, status: "interrupted", finalResponse: null });
    expect(result).not.toHaveProperty("output");
  });

  it("that cannot be sent is refused before anything is sent, and the thread stays free", async () => {
    await using harness = await startHarness();
    harness.model.reply("fine");
    const thread = await harness.codex.startThread();

    const running = thread.run("Go", {
      outputSchema: z.object({ tags: z.record(z.string(), z.string()) }),
    });

    await expect(running).rejects.toThrow(InvalidOptionError);
    await expect(running).rejects.toThrow("outputSchema: tags is a record");
    expect(harness.model.requests).toEqual([]);
    expect((await thread.run("Go")).finalResponse).toBe("fine");
  });
});
