import type { ServerNotification, TurnStartParams } from "@openai/codex-types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { toTurnInput } from "../../src/api/input.js";
import {
  type Codex,
  continueInput,
  externalMessage,
  type RunInput,
  type Thread,
  toolImage,
  toolText,
  TurnFailedError,
} from "../../src/index.js";
import { requestAt } from "../support/modelRequests.js";
import { PNG_URL } from "../support/onePixelPng.js";
import { failure, type Harness, shellCall, startHarness } from "../support/testingKit.js";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Starts a turn with the wire form of an input, and returns its notifications. */
async function startTurn(
  { client }: Codex,
  thread: Thread,
  input: RunInput,
  options: Partial<TurnStartParams> = {},
): Promise<ServerNotification[]> {
  const notifications = client.notifications();
  await client.request("turn/start", { threadId: thread.id, ...toTurnInput(input), ...options });
  const seen: ServerNotification[] = [];
  for await (const notification of notifications) {
    seen.push(notification);
    if (notification.method === "turn/completed") break;
  }
  return seen;
}

/** The user's texts and the outputs of functions in the last model request, in order. */
function lastInput(): unknown[] {
  return requestAt(harness.model, -1)
    .inputItems()
    .filter(({ type }) => type === "function_call_output");
}

describe("an external message", () => {
  it("reaches the model as the output of a tool, and is an item of the turn", async () => {
    harness.model.reply("Noted.");
    const thread = await harness.codex.startThread();
    const mail = externalMessage({
      namespace: "mail",
      name: "inbox",
      output: "Please move the release.",
      source: "webhook",
    });

    const seen = await startTurn(harness.codex, thread, mail);

    expect(lastInput()).toEqual([
      expect.objectContaining({
        type: "function_call_output",
        namespace: "mail",
        name: "inbox",
        output: "Please move the release.",
      }),
    ]);
    expect(requestAt(harness.model, -1).userTexts().join()).not.toContain("move the release");
    const items = seen.flatMap(({ method, params }) =>
      method === "item/completed" ? [params.item] : [],
    );
    expect(items[0]).toMatchObject({
      type: "functionCallOutput",
      namespace: "mail",
      name: "inbox",
      output: "Please move the release.",
    });
  });

  it("may have texts and images", async () => {
    harness.model.reply("Noted.");
    const thread = await harness.codex.startThread();
    const output = [toolText("The chart:"), toolImage(PNG_URL)];

    await startTurn(harness.codex, thread, externalMessage({ name: "inbox", output }));

    expect(lastInput()).toEqual([
      expect.objectContaining({
        output: [
          { type: "input_text", text: "The chart:" },
          expect.objectContaining({ type: "input_image" }),
        ],
      }),
    ]);
  });
});

describe("a turn that fails because the model is overloaded", () => {
  const overloaded = failure("server_is_overloaded", "Try later.");

  it.each([false, true])(
    "is continued without its input being sent twice (ephemeral: %s)",
    async (ephemeral) => {
      const thread = await harness.codex.startThread({ ephemeral });
      harness.model.enqueue(overloaded);
      const error: unknown = await thread.run("Only once").catch((reason: unknown) => reason);
      harness.model.reply("Here I am.");

      await startTurn(harness.codex, thread, continueInput());

      expect(error).toBeInstanceOf(TurnFailedError);
      expect(error).toMatchObject({ turnError: { codexErrorInfo: "serverOverloaded" } });
      const texts = requestAt(harness.model, -1).userTexts();
      expect(texts.filter((text) => text === "Only once")).toHaveLength(1);
    },
  );

  it("is continued without a command that ran being run again", async () => {
    const thread = await harness.codex.startThread({ sandbox: "danger-full-access" });
    harness.model.enqueue(
      shellCall("echo ran >> ran.txt && cat ran.txt", {}, { callId: "call_1" }),
    );
    harness.model.enqueue(overloaded);
    await thread.run("Run it").catch(() => {});
    harness.model.reply("It ran.");

    await startTurn(harness.codex, thread, continueInput());

    const [output, ...others] = requestAt(harness.model, -1).functionCallOutputs();
    expect(output?.callId).toBe("call_1");
    expect(others).toEqual([]);
    expect(
      requestAt(harness.model, -1)
        .userTexts()
        .filter((text) => text === "Run it"),
    ).toHaveLength(1);
  });

  it("has its input twice when it is run again, which is why that is not retried", async () => {
    const thread = await harness.codex.startThread();
    harness.model.enqueue(overloaded);
    await thread.run("Twice").catch(() => {});
    harness.model.reply("Again?");

    await thread.run("Twice");

    expect(
      requestAt(harness.model, -1)
        .userTexts()
        .filter((text) => text === "Twice"),
    ).toHaveLength(2);
  });
});
