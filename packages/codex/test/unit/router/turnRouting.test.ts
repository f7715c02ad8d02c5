import { describe, expect, it, vi } from "vitest";

import { TransportClosedError } from "../../../src/errors.js";
import { NotificationRouter, type ThreadOwner } from "../../../src/router/notificationRouter.js";
import { rejectionOf } from "../../support/rejection.js";
import { routed } from "../../support/routedMessage.js";
import { beginTurn } from "../../support/startedTurn.js";
import { delta, notification, turn, turnCompleted, turnStarted } from "../../support/wire.js";

interface Wire {
  readonly method: string;
  readonly params: unknown;
}

const THREAD = "thread-1";
const death = new TransportClosedError("The Codex runtime ended (exit status 0).");

function dispatch(router: NotificationRouter, ...messages: Wire[]): void {
  for (const message of messages) router.dispatch(routed(message));
}

/** State of an owner whose connection was not lost. */
const NOTHING_MISSED = {
  activeTurnId: undefined,
  markRestored: () => {},
  hasCompleted: () => false,
};

/** The methods and the order of what has been seen, and whether it was taken. */
function recordingOwner(takes = true) {
  const taken: string[] = [];
  const fail = vi.fn<ThreadOwner["fail"]>();
  const take = ({ method }: Wire) => {
    taken.push(method);
    return takes;
  };
  return { taken, take, fail, ...NOTHING_MISSED };
}

/** A pending turn that claims the thread's next `turn/started`, and the ids that it claimed. */
function expectTurn(router: NotificationRouter) {
  const { pending } = beginTurn(router, THREAD);
  const claimed: string[] = [];
  pending.onClaimed = ({ id }) => claimed.push(id);
  router.expectTurn(pending);
  return { pending, claimed };
}

describe("a pending turn whose response does not name it", () => {
  it("claims only the start of a turn, and not of one that is followed already", () => {
    const router = new NotificationRouter();
    router.followTurn(THREAD, "known");
    const { claimed } = expectTurn(router);
    dispatch(router, delta("x", "foreign"), turnStarted("known"), turnCompleted("foreign"));
    expect(claimed).toEqual([]);
    dispatch(router, turnStarted("next"));
    expect(claimed).toEqual(["next"]);
  });

  it("claims nothing once it is settled", () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const { pending, claimed } = expectTurn(router);
    pending.settle();
    dispatch(router, turnStarted("next"));
    expect([claimed, rest.size]).toEqual([[], 1]);
  });

  it("does not claim a turn whose start does not name a thread", () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const { claimed } = expectTurn(router);
    dispatch(router, notification("turn/started", { turn: turn("next", "inProgress") }));
    expect([claimed, rest.size]).toEqual([[], 1]);
  });
});

describe("a turn that is followed", () => {
  it("takes an interrupt at once when it is known to run", async () => {
    const router = new NotificationRouter();
    const running = router.followRunningTurn(THREAD, "running");
    await running.interruptible;

    const starting = router.followTurn(THREAD, "starting");
    const interruptible = vi.fn<() => void>();
    void starting.interruptible.then(interruptible);
    expect(router.followRunningTurn(THREAD, "starting")).toBe(starting);
    await Promise.resolve();
    expect(interruptible).not.toHaveBeenCalled();
  });

  it.each([
    ["another event with the review as its root", "turn/completed", THREAD],
    ["the start of another thread's turn", "turn/started", "thread-2"],
  ])("gets, as a review, not %s", (_what, method, threadId) => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    const route = router.followTurn(THREAD, "review");
    const inner = { ...turn("inner", "inProgress"), rootTurnId: "review" };
    dispatch(router, notification(method, { threadId, turn: inner }));
    expect([rest.size, route.end, route.interruptId]).toEqual([1, undefined, "review"]);
  });
});

describe("what belongs to no turn and no login attempt", () => {
  it("waits for no start that is under way", () => {
    const router = new NotificationRouter();
    const rest = router.subscribe();
    beginTurn(router, THREAD);
    router.logins.begin();
    dispatch(
      router,
      notification("account/updated", {}),
      notification("account/login/completed", { loginId: null, success: true }),
    );
    expect(rest.size).toBe(2);
  });
});

describe("the ownership of a thread", () => {
  it("goes to the later of two owners, and stays with it when the earlier one lets go", () => {
    const router = new NotificationRouter();
    const [early, late] = [recordingOwner(), recordingOwner()];
    const earlier = router.ownThread(THREAD, early);
    expect(earlier.isCurrent).toBe(true);
    const later = router.ownThread(THREAD, late);
    earlier.release();
    dispatch(router, turnStarted());
    expect([earlier.isCurrent, later.isCurrent, early.taken, late.taken]).toEqual([
      false,
      true,
      [],
      ["turn/started"],
    ]);
    later.release();
    expect(later.isCurrent).toBe(false);
  });

  it("fails with the connection, and at once after its end", () => {
    const router = new NotificationRouter();
    const [before, after] = [recordingOwner(), recordingOwner()];
    router.ownThread(THREAD, before);
    expect(before.fail).not.toHaveBeenCalled();
    router.fail(death);
    router.ownThread("thread-2", after);
    expect([before.fail.mock.calls, after.fail.mock.calls]).toEqual([[[death]], [[death]]]);
  });
});

describe("the end of the connection", () => {
  it("is reported, with what was asked for, to every waiter of a thread and to later ones", async () => {
    const router = new NotificationRouter();
    router.threads.reserve(THREAD);
    const slot = router.threads.acquire(THREAD, { isQueued: true });
    router.fail(death);
    const errors = [
      await rejectionOf(slot),
      await rejectionOf(beginTurn(router, THREAD).pending.failed),
      await rejectionOf(router.subscribe().next()),
    ];
    expect(errors).toMatchObject(
      [`waiting for thread ${THREAD}`, `the next turn of thread ${THREAD}`, "notifications()"].map(
        (what) => ({ message: `${what}: ${death.message}`, cause: death }),
      ),
    );
  });
});
