import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";

import { describe, expect, it } from "vitest";

import { createDeferred } from "../../../src/internal/deferred.js";
import { CODEX_CHANNELS } from "../../../src/tracing/channels.js";
import { traceOperation } from "../../../src/tracing/operation.js";
import type { RequestTrace } from "../../../src/tracing/traces.js";
import { ChannelLog, uncaughtIn } from "../../support/channelLog.js";

const toTrace = (): RequestTrace => ({ method: "a/b", threadId: undefined, turnId: undefined });

/** Follows the start of requests while `body` runs. */
async function withSubscriber(
  onStart: (trace: RequestTrace) => void,
  body: () => Promise<void>,
): Promise<void> {
  const { start } = tracingChannel<unknown, RequestTrace>(CODEX_CHANNELS.request);
  // SAFETY: the channel has messages of this type alone.
  const listener = (message: unknown) => onStart(message as RequestTrace);
  start.subscribe(listener);
  try {
    await body();
  } finally {
    start.unsubscribe(listener);
  }
}

describe("an operation that subscribers follow", () => {
  it("publishes one object in each step, with the duration at its end and without its result", async () => {
    using log = new ChannelLog(["request"]);
    const result = { token: "value" };
    expect(await traceOperation("request", toTrace, async () => result)).toBe(result);
    expect(log.stepsOf("request")).toEqual(["start", "end", "asyncStart", "asyncEnd"]);
    expect(new Set(log.all.map(({ trace }) => trace)).size).toBe(1);
    const trace = log.at("request asyncEnd")[0];
    expect(trace).toEqual({ ...toTrace(), durationMs: expect.any(Number) });
    expect(trace?.["durationMs"]).toBeGreaterThan(0);
  });

  it("publishes the error that it rejects with, which its caller gets", async () => {
    using log = new ChannelLog(["request"]);
    const error = new Error("refused");
    const failed = traceOperation("request", toTrace, () => Promise.reject(error));
    await expect(failed).rejects.toBe(error);
    expect(log.stepsOf("request")).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    expect(log.at("request error")[0]).toMatchObject({ error });
  });

  it("ends once when its signal aborts, also if it continues", async () => {
    using log = new ChannelLog(["request"]);
    const controller = new AbortController();
    const { promise, resolve } = createDeferred<string>();
    const { signal } = controller;
    const traced = traceOperation("request", toTrace, () => promise, { signal });
    controller.abort(new Error("left"));
    expect(log.stepsOf("request")).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    resolve("late");
    expect(await traced).toBe("late");
    expect(log.at("request asyncEnd")).toHaveLength(1);
  });

  it("makes no trace when nobody subscribes", async () => {
    const made: string[] = [];
    await traceOperation(
      "request",
      () => {
        made.push("trace");
        return toTrace();
      },
      async (trace) => made.push(trace === undefined ? "none" : "some"),
    );
    expect(made).toEqual(["none"]);
  });

  it("runs in a store that is bound to its start, and in the context that a subscriber sets", async () => {
    const [bound, set] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<string>()];
    const { start } = tracingChannel<string, RequestTrace>(CODEX_CHANNELS.request);
    start.bindStore(bound, ({ method }) => `bound ${method}`);
    let seen: unknown;
    const onStart = (trace: RequestTrace) => {
      trace.around = (operation) => set.run("set", operation);
    };
    try {
      await withSubscriber(onStart, async () => {
        seen = await traceOperation("request", toTrace, async () => [
          bound.getStore(),
          set.getStore(),
        ]);
      });
    } finally {
      start.unbindStore(bound);
    }
    expect(seen).toEqual(["bound a/b", "set"]);
    expect([bound.getStore(), set.getStore()]).toEqual([undefined, undefined]);
  });

  const fault = new Error("a subscriber's fault");
  it.each<[string, (trace: RequestTrace) => void, unknown[]]>([
    [
      "throws",
      () => {
        throw fault;
      },
      [fault],
    ],
    [
      "sets a context that throws before",
      (trace) => {
        trace.around = () => {
          throw fault;
        };
      },
      [fault],
    ],
    [
      "sets a context that throws after",
      (trace) => {
        trace.around = (operation) => {
          operation();
          throw fault;
        };
      },
      [fault],
    ],
    [
      "sets a context that runs nothing",
      (trace) => {
        // SAFETY: a subscriber in JavaScript may do so.
        trace.around = (() => undefined) as never;
      },
      [],
    ],
    [
      "sets a context that runs twice",
      (trace) => {
        trace.around = (operation) => {
          operation();
          return operation();
        };
      },
      [],
    ],
  ])(
    "runs once, with its own result, when a subscriber %s; an error of it is an uncaught one",
    async (_name, onStart, expected) => {
      let runs = 0;
      const errors = await uncaughtIn(() =>
        withSubscriber(onStart, async () => {
          const result = await traceOperation("request", toTrace, async () => (runs += 1));
          expect(result).toBe(1);
        }),
      );
      expect({ runs, errors }).toEqual({ runs: 1, errors: expected });
    },
  );
});
