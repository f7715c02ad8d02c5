import { describe, expect, it } from "vitest";

import { CodexClosedError, TransportClosedError } from "../../../src/errors.js";
import type { LoginRoute } from "../../../src/router/loginRoute.js";
import { NotificationRouter } from "../../../src/router/notificationRouter.js";
import type { NotificationMessage } from "../../../src/rpc/message.js";
import { beginTurn } from "../../support/startedTurn.js";

function notification(method: string, params: unknown): NotificationMessage {
  return { method, params };
}

function completed(loginId: string | null, success = true): NotificationMessage {
  const error = success ? null : "Login was not completed";
  return notification("account/login/completed", { loginId, success, error });
}

/** A login whose start was answered with this id. */
function startedLogin(router: NotificationRouter, loginId: string): LoginRoute {
  const pending = router.logins.begin();
  const route = pending.claim(loginId);
  pending.settle();
  return route;
}

/** The completion of an attempt, as its waiters get it. */
function completionOf(route: LoginRoute): Promise<NotificationMessage> {
  return new Promise((resolve, reject) => {
    route.onEnd((end) => (end.kind === "completed" ? resolve(end.message) : reject(end.error)));
  });
}

/** Returns the notifications without an owner, read from now until the connection ends. */
async function restOf(router: NotificationRouter, act: () => void): Promise<NotificationMessage[]> {
  const queue = router.subscribe();
  act();
  router.fail(new CodexClosedError("test"));
  const rest: NotificationMessage[] = [];
  await expect(
    (async () => {
      for await (const message of queue) rest.push(message);
    })(),
  ).rejects.toThrow(CodexClosedError);
  return rest;
}

describe("the routing of login attempts", () => {
  it("brings each completion to the attempt of its id, whatever the order", async () => {
    const router = new NotificationRouter();
    const first = startedLogin(router, "login-1");
    const second = startedLogin(router, "login-2");

    router.dispatch(completed("login-2"));
    router.dispatch(completed("login-1", false));

    expect(await completionOf(first)).toEqual(completed("login-1", false));
    expect(await completionOf(second)).toEqual(completed("login-2"));
  });

  it("replays a completion that came before the answer to the start", async () => {
    const router = new NotificationRouter();
    const pending = router.logins.begin();
    router.dispatch(completed("login-1"));

    const route = pending.claim("login-1");
    pending.settle();

    expect(await completionOf(route)).toEqual(completed("login-1"));
  });

  it("keeps early completions of several starts apart", async () => {
    const router = new NotificationRouter();
    const first = router.logins.begin();
    const second = router.logins.begin();
    router.dispatch(completed("login-2", false));
    router.dispatch(completed("login-1"));

    const firstRoute = first.claim("login-1");
    first.settle();
    const secondRoute = second.claim("login-2");
    second.settle();

    expect(await completionOf(firstRoute)).toEqual(completed("login-1"));
    expect(await completionOf(secondRoute)).toEqual(completed("login-2", false));
  });

  it("ends a replaced attempt alone, before the answer to the start that replaces it", async () => {
    const router = new NotificationRouter();
    const first = startedLogin(router, "login-1");
    const replacing = router.logins.begin();
    router.dispatch(completed("login-1", false));
    const second = replacing.claim("login-2");
    replacing.settle();

    expect(await completionOf(first)).toEqual(completed("login-1", false));
    router.dispatch(completed("login-2"));
    expect(await completionOf(second)).toEqual(completed("login-2"));
    expect(await completionOf(first)).toEqual(completed("login-1", false));
  });

  it("gives the completion to as many as ask for it, also after it has come", async () => {
    const router = new NotificationRouter();
    const route = startedLogin(router, "login-1");
    const before = [completionOf(route), completionOf(route)];

    router.dispatch(completed("login-1"));

    expect(await Promise.all([...before, completionOf(route)])).toEqual(
      Array.from({ length: 3 }, () => completed("login-1")),
    );
  });

  it("consumes no other notification, nor a completion of another client's attempt", async () => {
    const router = new NotificationRouter();
    startedLogin(router, "login-1");
    const others = [
      notification("account/updated", { authMode: "chatgpt", planType: "pro" }),
      completed(null),
      completed("somebody-else"),
      notification("account/login/somethingNew", { loginId: "login-1" }),
      notification("account/login/completed", undefined),
    ];

    const rest = await restOf(router, () => {
      for (const message of others) router.dispatch(message);
      router.dispatch(completed("login-1"));
    });

    expect(rest).toEqual(others);
  });

  it("keeps nothing of an attempt after its completion: a second one is everyone's", async () => {
    const router = new NotificationRouter();
    const route = startedLogin(router, "login-1");

    const rest = await restOf(router, () => {
      router.dispatch(completed("login-1"));
      router.dispatch(completed("login-1", false));
    });

    expect(rest).toEqual([completed("login-1", false)]);
    expect(await completionOf(route)).toEqual(completed("login-1"));
  });

  it("keeps nothing of an attempt that had ended when its start was answered", async () => {
    const router = new NotificationRouter();
    const pending = router.logins.begin();
    router.dispatch(completed("login-1"));
    pending.claim("login-1");
    pending.settle();

    const rest = await restOf(router, () => router.dispatch(completed("login-1", false)));

    expect(rest).toEqual([completed("login-1", false)]);
  });

  it("hands on what no start has claimed as soon as no start can any more", async () => {
    const router = new NotificationRouter();
    const queue = router.subscribe();
    const [failing, other] = [router.logins.begin(), router.logins.begin()];

    router.dispatch(completed("somebody-else"));
    failing.settle();
    expect(queue.size).toBe(0);
    other.settle();

    expect(await queue.next()).toEqual({ value: completed("somebody-else"), done: false });
  });

  it("keeps a completion back only while a login's start is under way", async () => {
    const router = new NotificationRouter();

    const rest = await restOf(router, () => {
      const { pending } = beginTurn(router);
      router.dispatch(completed("login-1"));
      pending.settle();
    });

    expect(rest).toEqual([completed("login-1")]);
  });

  it("rejects all waiters when the connection ends, and names the attempt", async () => {
    const router = new NotificationRouter();
    const lost = startedLogin(router, "login-1");
    const done = startedLogin(router, "login-2");
    router.dispatch(completed("login-2"));
    const reason = new TransportClosedError("The Codex runtime ended (signal SIGKILL).", {
      exit: { exitCode: null, signal: "SIGKILL", stderrTail: "" },
    });

    router.fail(reason);

    await expect(completionOf(lost)).rejects.toMatchObject({
      name: "TransportClosedError",
      code: "TRANSPORT_CLOSED",
      message: "login login-1: The Codex runtime ended (signal SIGKILL).",
      signal: "SIGKILL",
      cause: reason,
    });
    expect(await completionOf(done)).toEqual(completed("login-2"));
  });
});
