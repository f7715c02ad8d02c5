import { getEventListeners } from "node:events";

import { describe, expect, it } from "vitest";

import { CodexClient, type NotificationsOptions } from "../../../src/client/codexClient.js";
import { RuntimeClient } from "../../../src/client/runtimeClient.js";
import { CodexClosedError } from "../../../src/errors.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { notification } from "../../support/wire.js";

const note = (n: number) => notification("account/updated", { n });

/** A client of a process that stays silent, and the router of its notifications. */
function newClient() {
  const launchArgs = [process.execPath, "-e", "process.stdin.resume()"];
  const runtime = new RuntimeClient({ launchArgs });
  return {
    router: runtime.router,
    notifications: (options?: NotificationsOptions) =>
      new CodexClient(runtime).notifications(options),
    close: () => runtime.close(),
  };
}

describe("notifications()", () => {
  it("begins when it is called, not when it is first read", async () => {
    const client = newClient();
    const notifications = client.notifications();
    client.router.dispatch(routed(note(1)));
    const late = client.notifications();
    client.router.dispatch(routed(note(2)));

    expect([await notifications.next(), await notifications.next(), await late.next()]).toEqual(
      [note(1), note(2), note(2)].map((value) => ({ value, done: false })),
    );
    await client.close();
  });

  it("has the time at which the runtime sent each, where it is known", async () => {
    const client = newClient();
    const notifications = client.notifications();
    client.router.dispatch({ ...routed(note(1)), emittedAtMs: 12 });
    expect((await notifications.next()).value).toEqual({ ...note(1), emittedAtMs: 12 });
    await client.close();
  });

  it("ends with the signal's own reason at once, and drops what was not read", async () => {
    const client = newClient();
    const controller = new AbortController();
    const notifications = client.notifications({ signal: controller.signal });
    client.router.dispatch(routed(note(1)));
    controller.abort("stop");
    expect(await rejectionOf(notifications.next())).toBe("stop");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(await notifications.next()).toEqual({ value: undefined, done: true });
    await client.close();
  });

  it("leaves no listener behind when the loop is left", async () => {
    const client = newClient();
    const { signal } = new AbortController();
    const notifications = client.notifications({ signal });
    client.router.dispatch(routed(note(1)));
    for await (const _notification of notifications) break;
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(await notifications.next()).toEqual({ value: undefined, done: true });
    await client.close();
  });

  it("ends with the client, also one that was never started", async () => {
    const client = newClient();
    const waiting = rejectionOf(client.notifications().next());
    await client.close();
    expect(await waiting).toBeInstanceOf(CodexClosedError);
    expect(await rejectionOf(client.notifications().next())).toBeInstanceOf(CodexClosedError);
  });
});
