import { getEventListeners } from "node:events";

import { afterEach, describe, expect, it, vi } from "vitest";

import { CodexClosedError, TransportClosedError } from "../../../src/errors.js";
import { openConnection } from "../../support/openConnection.js";
import { rejectionOf } from "../../support/rejection.js";

afterEach(() => vi.useRealTimers());

/** Lets the messages that wait for the event loop be handled: each waits for one turn at most. */
async function allHandled(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < 6; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("Connection.request", () => {
  it("pairs answers with requests by id alone, in whatever order they come", async () => {
    const { connection, transport } = await openConnection();
    const requests = ["a", "b", "c"].map((method) => connection.request(method, { method }));
    expect(transport.sent).toEqual([
      { id: 1, method: "a", params: { method: "a" } },
      { id: 2, method: "b", params: { method: "b" } },
      { id: 3, method: "c", params: { method: "c" } },
    ]);

    for (const index of [2, 0, 1]) transport.answer(index, `result ${index}`);

    expect(await Promise.all(requests)).toEqual(["result 0", "result 1", "result 2"]);
  });

  it("reports responses with an unknown id, a string for an id, and a second one", async () => {
    const { connection, transport, log } = await openConnection();
    const request = connection.request("a", {});
    transport.receive(
      { id: 77, result: "unknown" },
      { id: "1", result: "not ours" },
      { id: 1, result: "first" },
      { id: 1, result: "second" },
      { id: 1, error: { code: -32600, message: "third" } },
    );
    expect(await request).toBe("first");
    await allHandled();
    expect(log).toEqual(
      [77, "1", 1, 1].map((id) => ["diagnostic", { kind: "unexpectedResponse", id }]),
    );
  });

  it("takes a request of the runtime with an id equal to one of ours for no answer", async () => {
    const { connection, transport, log, answers } = await openConnection();
    const request = connection.request("a", {});
    transport.receive({ id: 1, method: "server/asks", params: {} });
    await allHandled();
    answers[0]?.({ result: "ours" });
    transport.receive({ id: 1, result: "theirs" });
    expect(await request).toBe("theirs");
    expect(log).toEqual([["request", "server/asks"]]);
    expect(transport.sent[1]).toEqual({ id: 1, result: "ours" });
  });

  it("acts on an answer before the message behind it is looked at", async () => {
    const { connection, transport, log } = await openConnection();
    const request = connection.request(
      "a",
      {},
      {
        onResult: (result) => log.push(["result", result]),
        onSettled: () => log.push(["settled"]),
      },
    );
    transport.receive({ id: 1, result: "r" }, { method: "next" });
    expect(log).toEqual([["result", "r"], ["settled"]]);
    await allHandled();
    expect(log).toEqual([["result", "r"], ["settled"], ["notification", "next"]]);
    expect(await request).toBe("r");
  });

  it("rejects with what onResult throws, and settles", async () => {
    const { connection, transport } = await openConnection();
    const onSettled = vi.fn<() => void>();
    const error = new Error("not what was expected");
    const request = connection.request(
      "a",
      {},
      {
        onResult: () => {
          throw error;
        },
        onSettled,
      },
    );
    transport.answer(0, {});
    expect(await rejectionOf(request)).toBe(error);
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it("rejects with the typed error of a refusal, under the method that asked", async () => {
    const { connection, transport } = await openConnection();
    const request = connection.request("a/b", {});
    transport.receive({ id: 1, error: { code: -32600, message: "no" } });
    expect(await rejectionOf(request)).toMatchObject({
      name: "InvalidRequestError",
      method: "a/b",
      rpcCode: -32600,
    });
  });

  it("rejects when the response is empty, rather than wait for another", async () => {
    const { connection, transport, log } = await openConnection();
    const request = connection.request("a/b", {});
    transport.receive({ id: 1 });
    expect(await rejectionOf(request)).toMatchObject({
      code: "PROTOCOL",
      message: expect.stringMatching(/a\/b cannot be read .*neither a result nor an error/),
    });
    expect(log).toEqual([["diagnostic", { kind: "unparsableLine", text: '{"id":1}' }]]);
  });

  it("keeps to the window, and sends the next in the tick of an answer", async () => {
    const { connection, transport } = await openConnection(2);
    const requests = Array.from({ length: 5 }, (_, i) => connection.request(`m${i}`, {}));
    expect(transport.sent).toHaveLength(2);
    for (let i = 0; i < 5; i += 1) {
      transport.answer(i, i);
      // oxlint-disable-next-line no-await-in-loop
      await allHandled();
    }
    expect(await Promise.all(requests)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("a call that is left", () => {
  it("rejects with the reason itself, and sends nothing, when the signal has aborted before", async () => {
    const { connection, transport } = await openConnection();
    const reason = { user: "stop" };
    const onSettled = vi.fn<() => void>();
    const call = connection.request("a", {}, { signal: AbortSignal.abort(reason), onSettled });
    expect(await rejectionOf(call)).toBe(reason);
    expect([transport.sent, onSettled.mock.calls.length]).toEqual([[], 1]);
  });

  it("drops the late response after an abort, calls onResult, and leaves no listener", async () => {
    const { connection, transport, log } = await openConnection();
    const controller = new AbortController();
    const { signal } = controller;
    const call = connection.request(
      "a",
      {},
      {
        signal,
        onResult: (result, caller) => log.push(["late", result, caller]),
        onSettled: () => log.push(["settled"]),
      },
    );
    controller.abort("stop");
    controller.abort("again");
    expect(await rejectionOf(call)).toBe("stop");
    expect([log, getEventListeners(signal, "abort")]).toEqual([[], []]);

    transport.answer(0, "late answer");
    expect(log).toEqual([["late", "late answer", { hasLeft: true }], ["settled"]]);
  });

  it("is never sent when it is aborted while it waits for its turn", async () => {
    const { connection, transport } = await openConnection(1);
    const first = connection.request("a", {});
    const controller = new AbortController();
    const second = connection.request("b", {}, { signal: controller.signal });
    const third = connection.request("c", {});
    controller.abort("stop");
    expect(await rejectionOf(second)).toBe("stop");
    transport.answer(0, 1);
    transport.answer(1, 3);
    expect([await first, await third]).toEqual([1, 3]);
    expect(transport.sent.map(({ method }) => method)).toEqual(["a", "c"]);
  });

  it("leaves no listener behind once it is answered", async () => {
    const { connection, transport } = await openConnection();
    const { signal } = new AbortController();
    const call = connection.request("a", {}, { signal });
    transport.answer(0, 1);
    await call;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends by its time limit, with its place free for the next", async () => {
    vi.useFakeTimers();
    const { connection, transport } = await openConnection(1);
    const call = rejectionOf(connection.request("a/b", {}, { timeoutMs: 500 }));
    const next = connection.request("c", {});
    await vi.advanceTimersByTimeAsync(499);
    expect(transport.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await call).toMatchObject({ code: "REQUEST_TIMEOUT", method: "a/b" });
    transport.receive({ id: 1, result: "late" }, { id: 2, result: "in time" });
    expect([await next, vi.getTimerCount()]).toEqual(["in time", 0]);
  });

  it("waits as long as it takes where no time limit is given", async () => {
    vi.useFakeTimers();
    const { connection, transport } = await openConnection();
    const call = connection.request("turn/interrupt", {});
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(24 * 60 * 60 * 1000);
    transport.answer(0, {});
    expect(await call).toEqual({});
  });
});

describe("the end of a connection", () => {
  const death = new TransportClosedError("The Codex runtime ended (exit status 3).", {
    exit: { exitCode: 3, signal: null, stderrTail: "boom" },
  });

  it("rejects all waiters, each with an error of its own that has the same cause", async () => {
    const { connection, transport, log } = await openConnection(2);
    const calls = ["a", "b", "c"].map((method) => rejectionOf(connection.request(method, {})));
    transport.end(death);
    transport.end(new TransportClosedError("a second time"));

    const errors = await Promise.all(calls);
    expect(errors).toMatchObject(
      ["a", "b", "c"].map((method) => ({
        code: "TRANSPORT_CLOSED",
        message: `${method}: The Codex runtime ended (exit status 3).`,
        exitCode: 3,
        signal: null,
        stderrTail: "boom",
        cause: death,
      })),
    );
    expect(new Set(errors).size).toBe(3);
    expect(log).toEqual([["closed", death]]);
  });

  it("rejects every later call at once, with the same facts", async () => {
    const { connection, transport } = await openConnection();
    transport.end(death);
    const onSettled = vi.fn<() => void>();
    const errors = [
      await rejectionOf(connection.request("a", {}, { onSettled })),
      await rejectionOf(connection.notify("b")),
    ];
    expect(errors).toMatchObject([
      { code: "TRANSPORT_CLOSED", exitCode: 3 },
      { code: "TRANSPORT_CLOSED", exitCode: 3 },
    ]);
    expect([onSettled.mock.calls.length, transport.sent]).toEqual([1, []]);
  });

  it("close() rejects all waiters in its own tick, and may be called again", async () => {
    const { connection, transport } = await openConnection(1);
    const calls = ["a", "b"].map((method) => rejectionOf(connection.request(method, {})));
    const closing = [connection.close(), connection.close()];
    const errors = await Promise.all(calls);
    await Promise.all(closing);
    expect(errors.every((error) => error instanceof CodexClosedError)).toBe(true);
    expect(new Set(errors).size).toBe(2);
    expect(transport.isClosed).toBe(true);
  });

  it("passes nothing on that comes after it", async () => {
    const { connection, transport, log } = await openConnection();
    await connection.close();
    transport.receive({ method: "late" }, { id: 1, method: "late/request" });
    transport.receiveText("{junk");
    expect(log).toEqual([["closed", expect.any(CodexClosedError)]]);
  });

  it("rejects the request and the notification that cannot be handed over", async () => {
    const { connection, transport } = await openConnection();
    const failure = new Error("EPIPE");
    transport.failSends(failure);
    expect(await rejectionOf(connection.request("a", {}))).toBe(failure);
    expect(await rejectionOf(connection.notify("b"))).toBe(failure);
  });
});
