import { createServer } from "node:net";

import { describe, expect, it } from "vitest";

import { TurnFailedError } from "../../src/index.js";
import {
  destroySocket,
  failure,
  httpStatus,
  rawSse,
  type ScriptStep,
  startHarness,
  truncation,
} from "../support/testingKit.js";
import { deltasOf, readAll, readUntil } from "../support/turnEvents.js";

const HALF_A_MESSAGE = rawSse(
  [
    {
      type: "response.output_item.added",
      item: { type: "message", role: "assistant", id: "msg_half", content: [] },
    },
    { type: "response.output_text.delta", item_id: "msg_half", delta: "Half of a" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join(""),
);

/** Codes of the failures that have a remedy of their own. */
/** Remedies in the messages of failures that a user can do something about. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["HTTP 401", "log in with `npx codex login`"],
  ["a full context", "call thread.compact()"],
]);

const CODES: ReadonlyMap<string, string> = new Map([
  ["HTTP 401", "UNAUTHORIZED"],
  ["HTTP 429", "RATE_LIMITED"],
  ["an overloaded server", "SERVER_OVERLOADED"],
  ["a full context", "CONTEXT_WINDOW_EXCEEDED"],
]);

describe("a model that fails", () => {
  it.each<readonly [what: string, steps: ScriptStep[], codexErrorInfo: unknown, message: string]>([
    ["HTTP 500", [httpStatus(500, { body: "oops" })], "internalServerError", "high demand"],
    ["HTTP 400", [httpStatus(400, { body: "bad input" })], "other", "bad input"],
    [
      "HTTP 401",
      [httpStatus(401, { body: "no key" })],
      { httpConnectionFailed: { httpStatusCode: 401 } },
      "401 Unauthorized",
    ],
    [
      "HTTP 429",
      [httpStatus(429)],
      { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
      "429 Too Many Requests",
    ],
    [
      "an overloaded server",
      [httpStatus(503, { body: { error: { code: "server_is_overloaded", message: "x" } } })],
      "serverOverloaded",
      "at capacity",
    ],
    [
      "response.failed",
      [failure("server_error", "boom from mock model")],
      "other",
      "boom from mock",
    ],
    [
      "a full context",
      [failure("context_length_exceeded", "too long")],
      "contextWindowExceeded",
      "ran out of room",
    ],
    ["a response that ends early", [truncation()], "other", "stream closed before"],
    ["a message that is cut off", [HALF_A_MESSAGE, truncation()], "other", "stream closed before"],
    ["a connection that is cut", [destroySocket()], "other", "stream disconnected"],
  ])("by %s throws a TurnFailedError with codexErrorInfo", async (what, steps, info, text) => {
    await using harness = await startHarness();
    harness.model.enqueue(...steps);
    const thread = await harness.codex.startThread();

    const error: unknown = await thread.run("Try").catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(TurnFailedError);
    expect(String(error)).toContain(REMEDIES.get(what) ?? text);
    expect(error).toMatchObject({
      code: CODES.get(what) ?? "TURN_FAILED",
      message: expect.stringContaining(text),
      turnError: { codexErrorInfo: info, message: expect.stringContaining(text) },
      result: { status: "failed", finalResponse: null },
    });
  });

  it("once, then answers as the runtime tries again, gives the second answer alone", async () => {
    await using harness = await startHarness({
      config: { model_providers: { mock: { stream_max_retries: 1 } } },
    });
    harness.model.enqueue(HALF_A_MESSAGE, truncation()).streamText(["Whole."]);
    const thread = await harness.codex.startThread();

    const turn = await thread.turn("Try");
    const events = await readAll(turn.stream());

    const messages = events.flatMap((event) =>
      event.method === "item/completed" && event.params.item.type === "agentMessage"
        ? [event.params.item.text]
        : [],
    );
    expect(messages).toEqual(["Whole."]);
    expect(deltasOf(events)).toEqual(["Half of a", "Whole."]);
    const errors = events.filter(({ method }) => method === "error");
    expect(errors).toMatchObject([{ params: { willRetry: true, turnId: turn.id } }]);
    expect(events.at(-1)).toMatchObject({ params: { turn: { status: "completed" } } });
  });
});

describe("a model that cannot be reached", () => {
  it("never fails the turn: the signal ends it, and the thread is free again", async () => {
    const port = await freePort();
    await using harness = await startHarness({
      config: { model_providers: { mock: { base_url: `http://127.0.0.1:${port}/v1` } } },
    });
    const thread = await harness.codex.startThread();
    const controller = new AbortController();
    const reason = new Error("waited long enough");
    const turn = await thread.turn("Anyone there?", { signal: controller.signal });
    const stream = turn.stream();

    const events = await readUntil(stream, "error", { keepOpen: true });
    controller.abort(reason);

    expect(events.at(-1)).toMatchObject({
      params: {
        turnId: turn.id,
        willRetry: true,
        error: { codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: null } } },
      },
    });
    await expect(stream.next()).rejects.toBe(reason);
    const next = await thread.turn("And now?", { whenBusy: "queue" });
    await next.interrupt();
    expect((await next.run()).status).toBe("interrupted");
  });
});

/** A port of the loopback where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
