import { describe, expect, it, vi } from "vitest";

import { CodexClosedError, TransportClosedError } from "../../../src/errors.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { SecretMasker } from "../../../src/internal/secrets.js";
import { Connection } from "../../../src/rpc/connection.js";
import type { Transport, TransportListener } from "../../../src/transport/transport.js";
import { openConnection } from "../../support/openConnection.js";
import { rejectionOf } from "../../support/rejection.js";

const NOT_JSON = { n: 1n };

describe("a call", () => {
  it("reports to onResult that its caller is still there", async () => {
    const { connection, transport } = await openConnection();
    const onResult = vi.fn<(result: unknown, caller: unknown) => void>();
    const call = connection.request("a", {}, { onResult });
    transport.answer(0, "r");
    await call;
    expect(onResult.mock.calls).toEqual([["r", { hasLeft: false }]]);
  });

  it("is refused when its params cannot be written, settles, and does not take a slot", async () => {
    const { connection, transport } = await openConnection(1);
    const onSettled = vi.fn<() => void>();
    const errors = [
      await rejectionOf(connection.request("a", NOT_JSON, { onSettled })),
      await rejectionOf(connection.request("a", NOT_JSON)),
    ];
    expect(errors).toMatchObject([{ code: "INVALID_OPTION" }, { code: "INVALID_OPTION" }]);
    expect(onSettled).toHaveBeenCalledTimes(1);
    const next = connection.request("b", {});
    transport.answer(0, "in its place");
    expect([await next, transport.sent.map(({ method }) => method)]).toEqual([
      "in its place",
      ["b"],
    ]);
  });

  it("needs no listener to be left before it is sent", async () => {
    const { connection } = await openConnection(1);
    const aborted = connection.request("a", {}, { signal: AbortSignal.abort("stop") });
    expect(await rejectionOf(aborted)).toBe("stop");
  });

  it("has settled when it is left before its turn has come", async () => {
    const { connection } = await openConnection(1);
    void connection.request("a", {});
    const controller = new AbortController();
    const onSettled = vi.fn<() => void>();
    const waiting = connection.request("b", {}, { signal: controller.signal, onSettled });
    expect(onSettled).not.toHaveBeenCalled();
    controller.abort("stop");
    expect(await rejectionOf(waiting)).toBe("stop");
    expect(onSettled).toHaveBeenCalledTimes(1);
  });
});

describe("a notification of ours", () => {
  it("is written with its method and params", async () => {
    const { connection, transport } = await openConnection();
    await connection.notify("a", { x: 1 });
    await connection.notify("b");
    expect(transport.sent).toEqual([{ method: "a", params: { x: 1 } }, { method: "b" }]);
  });

  it("fails with the end of the connection when that comes while it is handed over", async () => {
    const { connection, transport } = openManually();
    const notified = rejectionOf(connection.notify("a"));
    await connection.close();
    transport.handingOver.reject(new Error("EPIPE"));
    expect(await notified).toMatchObject({ name: "CodexClosedError", code: "CLOSED" });
  });
});

describe("the end of a connection", () => {
  it("is known from then on, with its reason", async () => {
    const { connection, transport } = await openConnection();
    expect(connection.closeReason).toBeUndefined();
    const death = new TransportClosedError("gone");
    transport.end(death);
    expect(connection.closeReason).toBe(death);
  });

  it("is, by close(), the cause of the errors of the calls", async () => {
    const { connection } = await openConnection();
    const call = rejectionOf(connection.request("a", {}));
    await connection.close();
    const { closeReason } = connection;
    expect(closeReason).toEqual(new CodexClosedError("Connection to the runtime"));
    expect(await call).toMatchObject({
      name: "CodexClosedError",
      message: new CodexClosedError("a").message,
      cause: closeReason,
    });
  });
});

it("a request that is handed over badly fails with an Error, whatever the transport throws", async () => {
  const { connection, transport } = openManually();
  const call = rejectionOf(connection.request("a", {}));
  transport.handingOver.reject("no error");
  expect(await call).toEqual(new Error("no error"));
});

it("what the transport notices goes to the listener as it is", () => {
  const { transport, onDiagnostic } = openManually();
  const diagnostic = { kind: "stderr", text: "warning" } as const;
  transport.listener?.onDiagnostic(diagnostic);
  expect(onDiagnostic.mock.calls).toEqual([[diagnostic]]);
});

/** A connection over a transport whose sends end when the test ends them. */
function openManually() {
  const transport = new ManualTransport();
  const onDiagnostic = vi.fn<TransportListener["onDiagnostic"]>();
  const ignore = () => {};
  const connection = new Connection(
    transport,
    {
      onNotification: () => "delivered",
      callsAtOnce: () => false,
      onRequest: ignore,
      onDiagnostic,
      onClose: ignore,
    },
    new SecretMasker(),
    64,
  );
  void connection.open();
  return { connection, transport, onDiagnostic };
}

class ManualTransport implements Transport {
  listener: TransportListener | undefined;
  readonly handingOver = createDeferred<void>();

  open(listener: TransportListener): Promise<void> {
    this.listener = listener;
    return Promise.resolve();
  }

  send(): Promise<void> {
    return this.handingOver.promise;
  }

  ref(): void {}

  unref(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
