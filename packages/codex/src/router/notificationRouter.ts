import { type CodexError, CodexProtocolError } from "../errors.js";
import { captureContext, type InContext } from "../internal/asyncContext.js";
import type { AsyncQueue } from "../internal/asyncQueue.js";
import { toWaiterError } from "../rpc/closeReason.js";
import type { Handled } from "../rpc/inboundQueue.js";
import type { NotificationMessage } from "../rpc/message.js";
import { EarlyBuffer } from "./earlyBuffer.js";
import { LoginRoutes } from "./loginRoutes.js";
import { Observers } from "./observers.js";
import { PendingTurn } from "./pendingTurn.js";
import type { TurnFollower } from "./restoredTurns.js";
import { rootTurnIdOf, threadIdOf, turnIdOf } from "./routingKeys.js";
import { Subscribers } from "./subscribers.js";
import { bringsThreadToRest, closesThread, endsThread } from "./threadEvents.js";
import { ThreadQueue, type TurnSlot } from "./threadQueue.js";
import { TurnRoute } from "./turnRoute.js";

/** Notifications that settle a promise of this client; all others are only put into queues. */
const SETTLING: ReadonlySet<string> = new Set([
  "thread/archived",
  "thread/closed",
  "thread/deleted",
  "turn/started",
  "turn/completed",
  "thread/status/changed",
  "thread/settings/updated",
  "thread/goal/updated",
  "thread/goal/cleared",
  "account/login/completed",
  "serverRequest/resolved",
]);

/** Receives every notification of a thread first, as a goal does, whose turns nobody else may follow. */
export interface ThreadOwner extends TurnFollower {
  /** Returns whether it took the message, so that nobody else gets it. */
  take(message: NotificationMessage): boolean;
  /** Ends the owner, because the connection has ended. */
  fail(reason: CodexError): void;
}

interface OwnedThread {
  readonly owner: ThreadOwner;
  readonly inCallerContext: InContext;
}

/** A thread's ownership, in force until a later owner replaces it. */
export interface ThreadOwnership {
  readonly isCurrent: boolean;
  release(): void;
}

/**
 * Delivers each notification to its one owner: a login attempt, a thread's owner, a turn, or else the
 * subscribers to the rest. Knows nothing of processes and of the public API.
 */
export class NotificationRouter {
  readonly threads = new ThreadQueue();
  /** Listeners beside the owners. They get each notification before it is routed. */
  readonly observers = new Observers();
  readonly #onEndSign: (route: TurnRoute) => void;
  readonly #turns = new Map<string, TurnRoute>();
  readonly #pending = new Set<PendingTurn>();
  /** Pending turns whose response does not name them, by thread. */
  readonly #unnamed = new Map<string, PendingTurn>();
  readonly #owners = new Map<string, OwnedThread>();
  readonly #subscribers = new Subscribers();
  /** Ids of processes whose output has a reader of its own. */
  readonly ownedProcesses = this.#subscribers.ownedProcesses;
  readonly #early = new EarlyBuffer((message) => this.#subscribers.publish(message));
  readonly logins = new LoginRoutes(this.#early);
  #closeReason: CodexError | undefined;

  /** `onEndSign` is called for a turn that seems to have ended without a readable `turn/completed`. */
  constructor(onEndSign: (route: TurnRoute) => void = () => {}) {
    this.#onEndSign = onEndSign;
  }

  /** True if a turn, a login or a subscriber waits for notifications. */
  get isInUse(): boolean {
    const { size: subscribers } = this.#subscribers;
    if (this.#turns.size + this.logins.size + this.#owners.size + subscribers > 0) return true;
    for (const { isAwaited } of this.#pending) if (isAwaited) return true;
    return false;
  }

  /** Sizes of the maps and buffers, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return {
      ...this.threads.inspect(),
      followedTurns: this.#turns.size,
      pendingTurns: this.#pending.size,
      unnamedTurns: this.#unnamed.size,
      followedLogins: this.logins.size,
      threadOwners: this.#owners.size,
      subscribers: this.#subscribers.size,
      ownedProcesses: this.ownedProcesses.size,
      earlyMessages: this.#early.size,
      earlyScopes: this.#early.openScopes,
    };
  }

  dispatch(message: NotificationMessage): Handled {
    this.observers.notify(message);
    const owner = this.#ownerOf(message);
    if (
      owner?.take(message) !== true &&
      !this.logins.deliver(message) &&
      !this.#routeToTurn(message)
    ) {
      this.#subscribers.publish(message);
    }
    if (!SETTLING.has(message.method)) return "delivered";
    this.#noteThreadState(message);
    // Last, so that a waiter for the thread starts after the ending turn has had its event.
    this.threads.observe(message);
    return "settled";
  }

  /** Reports that a handler of the application has finished, to the turns of its thread. */
  noteHandled(threadId: string): void {
    for (const route of this.routesOf(threadId)) route.noteActivity();
  }

  /** Runs a function in the async context of the caller that started the turn or goal of the thread, where there is one. */
  inCallerContext<T>(threadId: string, body: () => T): T {
    const owned = this.#owners.get(threadId);
    if (owned !== undefined) return owned.inCallerContext(body);
    for (const route of this.routesOf(threadId)) return route.inCallerContext(body);
    return body();
  }

  /** The turns of a thread that are followed. */
  *routesOf(threadId: string | undefined): Generator<TurnRoute, void, undefined> {
    for (const route of this.#turns.values()) if (route.threadId === threadId) yield route;
  }

  /** The owner of a thread; `undefined` without one. */
  ownerOf(threadId: string): ThreadOwner | undefined {
    return this.#owners.get(threadId)?.owner;
  }

  /** Ends the turns of a thread that are not claimed yet. */
  failPending(threadId: string | undefined, error: CodexError): void {
    for (const pending of this.#pending) if (pending.threadId === threadId) pending.fail(error);
  }

  /** Registers a turn whose start is about to be sent. */
  beginTurn(slot: TurnSlot): PendingTurn {
    const { threadId } = slot;
    const closeEarly = this.#early.open(threadId);
    const pending: PendingTurn = new PendingTurn(slot, {
      follow: (otherThreadId, turnId, onRoute) => this.followTurn(otherThreadId, turnId, onRoute),
      moveTo: (otherThreadId, turnId) => this.threads.noteOwn(otherThreadId, turnId),
      close: () => {
        this.#pending.delete(pending);
        if (this.#unnamed.get(threadId) === pending) this.#unnamed.delete(threadId);
        closeEarly();
      },
    });
    this.#pending.add(pending);
    if (this.#closeReason !== undefined) this.#failPending(pending, this.#closeReason);
    return pending;
  }

  /** Claims the thread's next `turn/started` for a pending turn that its response does not name. */
  expectTurn(pending: PendingTurn): void {
    if (this.#closeReason === undefined) this.#unnamed.set(pending.threadId, pending);
  }

  /**
   * Returns the route of a turn, which is made now if there is none and gets what comes from here on.
   * `onRoute` gets it before the early notifications are delivered.
   */
  followTurn(
    threadId: string,
    turnId: string,
    onRoute: (route: TurnRoute) => void = () => {},
  ): TurnRoute {
    const existing = this.#turns.get(turnId);
    if (existing !== undefined) {
      onRoute(existing);
      return existing;
    }
    const route = new TurnRoute(threadId, turnId, this.#onEndSign);
    this.#turns.set(turnId, route);
    route.onEnd(() => this.#turns.delete(turnId));
    onRoute(route);
    for (const message of this.#early.claim(turnId)) route.deliver(message);
    if (this.#closeReason !== undefined)
      route.fail(toWaiterError(this.#closeReason, `turn ${turnId}`));
    return route;
  }

  /** Returns whether a turn has a route. */
  isFollowed(turnId: string): boolean {
    return this.#turns.has(turnId);
  }

  /** Returns the route of a turn that is running already. */
  followRunningTurn(threadId: string, turnId: string): TurnRoute {
    const isNew = !this.#turns.has(turnId);
    const route = this.followTurn(threadId, turnId);
    if (isNew) route.markInterruptible();
    return route;
  }

  /**
   * Gives a thread to one owner, in place of an earlier one. Only a holder of the thread's slot may
   * ask for it, so that an owner that still needs the thread keeps it.
   */
  ownThread(threadId: string, owner: ThreadOwner): ThreadOwnership {
    const isCurrent = () => this.#owners.get(threadId)?.owner === owner;
    if (this.#closeReason === undefined) {
      this.#owners.set(threadId, { owner, inCallerContext: captureContext() });
    } else owner.fail(this.#closeReason);
    return {
      get isCurrent() {
        return isCurrent();
      },
      release: () => {
        if (isCurrent()) this.#owners.delete(threadId);
      },
    };
  }

  /** Opens a queue of all notifications that nobody else owns, from now on, as long as it is read. */
  subscribe(onRelease: () => void = () => {}): AsyncQueue<NotificationMessage> {
    return this.#subscribers.subscribe(onRelease);
  }

  /** Ends every route and subscriber after what came before, because the connection has ended. */
  fail(reason: CodexError): void {
    this.#closeReason = reason;
    for (const pending of this.#pending) this.#failPending(pending, reason);
    const [turns, owners] = [[...this.#turns.values()], [...this.#owners.values()]];
    this.#turns.clear();
    this.#owners.clear();
    this.#early.clear();
    for (const route of turns) route.fail(toWaiterError(reason, `turn ${route.id}`));
    this.logins.fail(reason);
    this.#subscribers.fail(reason);
    for (const { owner } of owners) owner.fail(reason);
    this.threads.fail((threadId) => toWaiterError(reason, `waiting for thread ${threadId}`));
  }

  #ownerOf(message: NotificationMessage): ThreadOwner | undefined {
    if (this.#owners.size === 0) return undefined;
    return this.ownerOf(threadIdOf(message.params) ?? "");
  }

  #routeToTurn(message: NotificationMessage): boolean {
    const turnId = turnIdOf(message.params);
    if (turnId === undefined) return false;
    const threadId = threadIdOf(message.params) ?? "";
    if (message.method === "turn/started" && !this.#turns.has(turnId)) {
      this.#unnamed.get(threadId)?.claim(turnId);
    }
    const route = this.#turns.get(turnId) ?? this.#reviewOf(message);
    if (route === undefined) return this.#early.offer(threadId, turnId, message);
    route.deliver(message);
    return true;
  }

  /** A review's `turn/started` has an id of its own, with the review's as its root. */
  #reviewOf(message: NotificationMessage): TurnRoute | undefined {
    if (message.method !== "turn/started") return undefined;
    const route = this.#turns.get(rootTurnIdOf(message.params) ?? "");
    return route?.threadId === threadIdOf(message.params) ? route : undefined;
  }

  /** Ends or questions the turns of a thread by the state that it has come to. */
  #noteThreadState(message: NotificationMessage): void {
    const isAtRest = bringsThreadToRest(message);
    if (!isAtRest && !endsThread(message)) return;
    const threadId = threadIdOf(message.params);
    for (const route of this.routesOf(threadId)) {
      if (closesThread(message)) route.cutOff("its thread is gone");
      else if (isAtRest) route.noteThreadAtRest();
    }
    if (isAtRest) return;
    this.failPending(
      threadId,
      new CodexProtocolError(`thread ${threadId} has ended (${message.method})`),
    );
  }

  #failPending(pending: PendingTurn, reason: CodexError): void {
    pending.fail(toWaiterError(reason, `the next turn of thread ${pending.threadId}`));
  }
}
