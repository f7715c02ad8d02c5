import { type CodexError, NotificationBacklogError } from "../errors.js";
import { AsyncQueue } from "../internal/asyncQueue.js";
import { createDeferred } from "../internal/deferred.js";
import { toWaiterError } from "../rpc/connection.js";
import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas, NOTIFICATION_BACKLOG_LIMIT } from "./backlog.js";
import { EarlyBuffer } from "./earlyBuffer.js";
import { LoginRoute } from "./loginRoute.js";
import { loginIdOf, rootTurnIdOf, threadIdOf, turnIdOf } from "./routingKeys.js";
import { ThreadActivity } from "./threadActivity.js";
import { TurnRoute } from "./turnRoute.js";

/** A start that is under way; what it will name is routed from the tick of its answer on. */
export interface PendingStart<Route> {
  /** Routes to `id` from now on, and replays what came early. To be called while the answer is dispatched. */
  claim(id: string, threadId?: string): Route;
  /** The start has settled. To be called exactly once. */
  settle(): void;
}

/** A turn that is about to start. */
export interface ExpectedTurn {
  /** Rejects when the connection ends before the turn has started. */
  readonly route: Promise<TurnRoute>;
  cancel(): void;
}

/** After these, the runtime sends nothing more of the thread's turns. */
const ENDS_OF_THREADS: ReadonlySet<string> = new Set(["thread/closed", "thread/deleted"]);

/** Sees every notification of a thread first, as a goal does, whose turns nobody else may follow. */
export interface ThreadOwner {
  /** Returns whether it took the message, so that nobody else gets it. */
  take(message: NotificationMessage): boolean;
  /** The connection has ended. */
  fail(reason: CodexError): void;
}

/** A thread's owner, as long as no later one takes its place. */
export interface ThreadOwnership {
  readonly isCurrent: boolean;
  release(): void;
}

/**
 * Brings each notification to its one owner: a login attempt, a thread's owner, a turn, or else
 * whoever listens to the rest. Knows no process, and nothing of what the public API makes of it.
 */
export class NotificationRouter {
  readonly activity = new ThreadActivity();
  readonly #turns = new Map<string, TurnRoute>();
  readonly #logins = new Map<string, LoginRoute>();
  readonly #expected = new Map<
    string,
    { claim(turnId: string): void; fail(reason: unknown): void }
  >();
  readonly #owners = new Map<string, ThreadOwner>();
  readonly #subscribers = new Set<AsyncQueue<NotificationMessage>>();
  readonly #earlyTurns = new EarlyBuffer();
  readonly #earlyLogins = new EarlyBuffer();
  #closeReason: CodexError | undefined;

  /** Called before each notification is routed. */
  onNotification: (message: NotificationMessage) => void = () => {};

  dispatch(message: NotificationMessage): void {
    this.onNotification(message);
    const owner = this.#ownerOf(message);
    if (
      owner?.take(message) !== true &&
      !this.#routeToLogin(message) &&
      !this.#routeToTurn(message)
    ) {
      this.#publish(message);
    }
    if (ENDS_OF_THREADS.has(message.method)) this.#endTurnsOf(threadIdOf(message.params));
    // Last, so that whoever waits for the thread starts after the ending turn has had its event.
    this.activity.observe(message);
  }

  /** Says that a turn's start is about to be sent on this thread. */
  beginTurn(threadId: string): PendingStart<TurnRoute> {
    this.#earlyTurns.open();
    return {
      claim: (turnId, otherThreadId) => this.followTurn(otherThreadId ?? threadId, turnId),
      settle: () => this.#earlyTurns.close().forEach((message) => this.#publish(message)),
    };
  }

  /** The route of a turn, made now if there is none: it gets what comes from here on. */
  followTurn(threadId: string, turnId: string): TurnRoute {
    const existing = this.#turns.get(turnId);
    if (existing !== undefined) return existing;
    const route = new TurnRoute(threadId, turnId);
    this.#turns.set(turnId, route);
    for (const message of this.#earlyTurns.claim(turnId)) this.#deliver(route, message);
    if (this.#closeReason !== undefined) this.#failRoute(route, this.#closeReason);
    return route;
  }

  /** The route of a turn that is running already. */
  followRunningTurn(threadId: string, turnId: string): TurnRoute {
    const existing = this.#turns.get(turnId);
    if (existing !== undefined) return existing;
    const route = this.followTurn(threadId, turnId);
    route.markInterruptible();
    return route;
  }

  /** Claims the turn that the thread starts next, by a start whose answer does not name it. */
  expectTurn(threadId: string, onStarted: (turnId: string) => void): ExpectedTurn {
    const route = createDeferred<TurnRoute>();
    const claim = (turnId: string) => {
      this.#expected.delete(threadId);
      onStarted(turnId);
      route.resolve(this.followTurn(threadId, turnId));
    };
    if (this.#closeReason === undefined)
      this.#expected.set(threadId, { claim, fail: route.reject });
    else route.reject(toWaiterError(this.#closeReason, `the next turn of thread ${threadId}`));
    return { route: route.promise, cancel: () => this.#expected.delete(threadId) };
  }

  /** Says that a login's start is about to be sent. */
  beginLogin(): PendingStart<LoginRoute> {
    this.#earlyLogins.open();
    return {
      claim: (loginId) => this.#followLogin(loginId),
      settle: () => this.#earlyLogins.close().forEach((message) => this.#publish(message)),
    };
  }

  /**
   * Gives a thread to one owner, in place of an earlier one. Only who holds the thread's place in
   * `activity` may ask for it, so that an owner that still needs the thread keeps it.
   */
  ownThread(threadId: string, owner: ThreadOwner): ThreadOwnership {
    const isCurrent = () => this.#owners.get(threadId) === owner;
    this.#owners.set(threadId, owner);
    if (this.#closeReason !== undefined) owner.fail(this.#closeReason);
    return {
      get isCurrent() {
        return isCurrent();
      },
      release: () => {
        if (isCurrent()) this.#owners.delete(threadId);
      },
    };
  }

  /** Everything that is no turn's and no login attempt's, from now on, as long as it is read. */
  subscribe(): AsyncQueue<NotificationMessage> {
    const queue: AsyncQueue<NotificationMessage> = new AsyncQueue({
      mergeAbove: BACKLOG_MERGE_THRESHOLD,
      merge: mergeTextDeltas,
      onRelease: () => this.#subscribers.delete(queue),
    });
    if (this.#closeReason === undefined) this.#subscribers.add(queue);
    else queue.fail(toWaiterError(this.#closeReason, "notifications()"));
    return queue;
  }

  /** The connection has ended: every route and subscriber gets what was there, then the reason. */
  fail(reason: CodexError): void {
    this.#closeReason = reason;
    for (const route of this.#turns.values()) this.#failRoute(route, reason);
    for (const login of this.#logins.values()) {
      login.fail(toWaiterError(reason, `login ${login.id}`));
    }
    for (const queue of this.#subscribers) queue.fail(toWaiterError(reason, "notifications()"));
    for (const [threadId, expected] of this.#expected) {
      expected.fail(toWaiterError(reason, `the next turn of thread ${threadId}`));
    }
    for (const owner of this.#owners.values()) owner.fail(reason);
    this.#turns.clear();
    this.#owners.clear();
    this.#expected.clear();
    this.#logins.clear();
    this.#subscribers.clear();
    this.#earlyTurns.clear();
    this.#earlyLogins.clear();
    this.activity.fail((threadId) => toWaiterError(reason, `waiting for thread ${threadId}`));
  }

  #followLogin(loginId: string): LoginRoute {
    const route = new LoginRoute(loginId);
    const [early] = this.#earlyLogins.claim(loginId);
    if (early === undefined) this.#logins.set(loginId, route);
    else route.deliver(early);
    return route;
  }

  #ownerOf(message: NotificationMessage): ThreadOwner | undefined {
    const threadId = threadIdOf(message.params);
    return threadId === undefined ? undefined : this.#owners.get(threadId);
  }

  #routeToLogin(message: NotificationMessage): boolean {
    if (message.method !== "account/login/completed") return false;
    const loginId = loginIdOf(message.params);
    if (loginId === undefined) return false;
    const route = this.#logins.get(loginId);
    if (route === undefined) return this.#earlyLogins.offer(loginId, message);
    this.#logins.delete(loginId);
    route.deliver(message);
    return true;
  }

  #routeToTurn(message: NotificationMessage): boolean {
    const turnId = turnIdOf(message.params);
    if (turnId === undefined) return false;
    if (message.method === "turn/started" && !this.#turns.has(turnId)) {
      this.#expected.get(threadIdOf(message.params) ?? "")?.claim(turnId);
    }
    const route = this.#turns.get(turnId) ?? this.#reviewOf(message);
    if (route === undefined) return this.#earlyTurns.offer(turnId, message);
    this.#deliver(route, message);
    return true;
  }

  /** A review's `turn/started` bears an id of its own, with the review's as its root. */
  #reviewOf(message: NotificationMessage): TurnRoute | undefined {
    if (message.method !== "turn/started") return undefined;
    const route = this.#turns.get(rootTurnIdOf(message.params) ?? "");
    return route?.threadId === threadIdOf(message.params) ? route : undefined;
  }

  #deliver(route: TurnRoute, message: NotificationMessage): void {
    route.deliver(message);
    if (route.isOver) this.#turns.delete(route.id);
  }

  /** Nothing more comes for the turns of a thread that is gone. */
  #endTurnsOf(threadId: string | undefined): void {
    for (const route of this.#turns.values()) {
      if (route.threadId !== threadId) continue;
      route.cutOff();
      this.#turns.delete(route.id);
    }
  }

  #failRoute(route: TurnRoute, reason: CodexError): void {
    route.fail(toWaiterError(reason, `turn ${route.id}`));
  }

  #publish(message: NotificationMessage): void {
    for (const queue of this.#subscribers) {
      queue.push(message);
      if (queue.size <= NOTIFICATION_BACKLOG_LIMIT) continue;
      queue.fail(new NotificationBacklogError(NOTIFICATION_BACKLOG_LIMIT));
      this.#subscribers.delete(queue);
    }
  }
}
