import type { Turn } from "@openai/codex-types";

import type { CodexError } from "../errors.js";
import type { InContext } from "../internal/asyncContext.js";
import { AsyncQueue } from "../internal/asyncQueue.js";
import { createDeferred } from "../internal/deferred.js";
import type { NotificationMessage } from "../rpc/message.js";
import { BACKLOG_MERGE_THRESHOLD, mergeTextDeltas } from "./backlog.js";
import type { TurnFollower } from "./restoredTurns.js";
import { itemIdOf, turnIdOf } from "./routingKeys.js";
import { isTerminalError } from "./threadEvents.js";
import { endedTurnOf, TurnFold, unknownStatusOf } from "./turnFold.js";

/** End of a turn: its `turn/completed`, the end of the connection, or a turn that cannot be followed any longer. */
export type TurnEnd =
  | { readonly kind: "completed"; readonly turn: Turn }
  | { readonly kind: "failed"; readonly error: CodexError }
  | { readonly kind: "cutOff"; readonly reason: string };

/** A queue of one reader's events. */
export type TurnReader = AsyncQueue<NotificationMessage>;

/**
 * Delivers one turn's notifications: folds each into the turn's progress and puts it into the queue of
 * each reader, in the tick of delivery. A turn has any number of readers, and one end.
 */
export class TurnRoute implements TurnFollower {
  readonly threadId: string;
  readonly id: string;
  readonly fold = new TurnFold();
  readonly #completedItems: NotificationMessage[] = [];
  readonly #readers = new Set<TurnReader>();
  readonly #onEnd = new Set<(end: TurnEnd) => void>();
  readonly #onActivity = new Set<() => void>();
  readonly #onEndSign: (route: TurnRoute) => void;
  readonly #interruptible = createDeferred<void>();
  #interruptId: string;
  #inCallerContext: InContext | undefined;
  #end: TurnEnd | undefined;
  #isUnreadable = false;
  #isRestored = false;
  #skipsRepeated = false;
  #heldEnd: NotificationMessage | undefined;

  /** `onEndSign` is called when the turn seems to have ended without a readable `turn/completed`. */
  constructor(threadId: string, id: string, onEndSign: (route: TurnRoute) => void = () => {}) {
    this.threadId = threadId;
    this.id = id;
    this.#interruptId = id;
    this.#onEndSign = onEndSign;
  }

  /** The id that the app-server expects in `turn/interrupt`: a review runs under another one. */
  get interruptId(): string {
    return this.#interruptId;
  }

  /** Runs a function in the async context of the caller that started the turn; as it is where that is not known. */
  inCallerContext<T>(body: () => T): T {
    return this.#inCallerContext === undefined ? body() : this.#inCallerContext(body);
  }

  /** Sets the async context of the caller that started the turn. */
  startedIn(inContext: InContext): void {
    this.#inCallerContext = inContext;
  }

  get activeTurnId(): string {
    return this.#interruptId;
  }

  get eventId(): string {
    return this.id;
  }

  /** End of the turn; `undefined` while it runs. */
  get end(): TurnEnd | undefined {
    return this.#end;
  }

  /** True if the turn's end has come, in a form that cannot be read. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  /** Resolves once the app-server accepts an interrupt: after `turn/started`, or the end. */
  get interruptible(): Promise<void> {
    return this.#interruptible.promise;
  }

  /** Opens a queue that gets every event from now on, and ends with the turn. */
  openReader(): TurnReader {
    const reader: TurnReader = new AsyncQueue({
      mergeAbove: BACKLOG_MERGE_THRESHOLD,
      merge: mergeTextDeltas,
      onRelease: () => this.#readers.delete(reader),
    });
    if (this.#end === undefined) this.#readers.add(reader);
    else finish(reader, this.#end);
    return reader;
  }

  /** Like `openReader`, beginning with the `item/completed` of each item that was completed before. */
  openJoinedReader(): TurnReader {
    const reader = this.openReader();
    for (const message of this.#completedItems) reader.push(message);
    return reader;
  }

  /** Calls `listener` in the tick in which the turn ends, at once if it has; returns a function that removes it. */
  onEnd(listener: (end: TurnEnd) => void): () => void {
    if (this.#end === undefined) this.#onEnd.add(listener);
    else listener(this.#end);
    return () => this.#onEnd.delete(listener);
  }

  /** Calls `listener` at each sign of progress: an event that is not a retry, a handler that has finished. Returns a function that removes it. */
  onActivity(listener: () => void): () => void {
    this.#onActivity.add(listener);
    return () => this.#onActivity.delete(listener);
  }

  /** Reports a sign of progress that is not an event. */
  noteActivity(): void {
    if (this.#onActivity.size > 0) for (const listener of this.#onActivity) listener();
  }

  markRestored(): void {
    this.#isRestored = true;
    this.#skipsRepeated = true;
    this.#interruptible.resolve();
  }

  /** Delivers no item again that was delivered. */
  skipRepeatedItems(): void {
    this.#skipsRepeated = true;
  }

  hasCompleted(itemId: string): boolean {
    return this.#completedItems.some(({ params }) => itemIdOf(params) === itemId);
  }

  deliver(message: NotificationMessage): void {
    if (this.#end !== undefined || (this.#skipsRepeated && this.#isRepeated(message))) return;
    if (message.method === "turn/completed") {
      if (this.#isRestored) this.#holdEnd(message);
      else this.#complete(message);
      return;
    }
    if (message.method === "turn/started") {
      this.#interruptId = turnIdOf(message.params) ?? this.#interruptId;
      this.#interruptible.resolve();
    }
    this.#publish(message);
    if (isTerminalError(message)) this.#onEndSign(this);
  }

  /** True if the turn has ended, and its items are to be compared with those that its thread has stored. */
  get isHeld(): boolean {
    return this.#heldEnd !== undefined && this.#end === undefined;
  }

  /** Delivers the end that was held, behind the items that are stored and were not delivered. */
  deliverEnd(items: readonly unknown[]): void {
    const held = this.#heldEnd;
    if (held === undefined || this.#end !== undefined) return;
    for (const item of items) {
      const params = { threadId: this.threadId, turnId: this.id, item };
      const itemId = itemIdOf(params);
      if (itemId === undefined || this.hasCompleted(itemId)) continue;
      this.#publish({ method: "item/completed", params });
    }
    if (items.length > 0) this.fold.restoreItems(items);
    this.#complete(held);
  }

  /** Ends the turn with the state that its thread has stored, in place of the events that were lost. */
  restore(turn: Turn): void {
    if (this.#end !== undefined) return;
    if (Array.isArray(turn.items) && turn.items.length > 0) this.fold.restoreItems(turn.items);
    this.#complete({ method: "turn/completed", params: { threadId: this.threadId, turn } });
  }

  /** Reports that the turn's thread has come to rest, which a turn that runs does not do. */
  noteThreadAtRest(): void {
    if (this.#end === undefined) this.#onEndSign(this);
  }

  /** Marks a turn that was already running when it was first seen. */
  markInterruptible(): void {
    this.#interruptible.resolve();
  }

  /** Ends the turn because the connection has ended. */
  fail(error: CodexError): void {
    this.#finish({ kind: "failed", error });
  }

  /** Ends the turn because it cannot be followed any longer; `reason` completes a sentence. */
  cutOff(reason: string): void {
    this.#finish({ kind: "cutOff", reason });
  }

  #complete(message: NotificationMessage): void {
    const turn = endedTurnOf(message.params);
    const unknown = turn === undefined ? unknownStatusOf(message.params) : undefined;
    if (turn === undefined && unknown === undefined) {
      // Without a turn the outcome is not known: the thread is read instead.
      this.#isUnreadable = true;
      this.#onEndSign(this);
      return;
    }
    this.#publish(message);
    if (turn !== undefined) this.#finish({ kind: "completed", turn });
    else this.cutOff(`it has the unknown status ${JSON.stringify(unknown)}`);
  }

  /** The runtime may have stored an item too late for the resume, and sent it too early for the new connection. */
  #holdEnd(message: NotificationMessage): void {
    if (this.#heldEnd !== undefined) return;
    this.#heldEnd = message;
    this.#onEndSign(this);
  }

  #isRepeated({ method, params }: NotificationMessage): boolean {
    if (method !== "item/completed" && method !== "item/started") return false;
    return this.hasCompleted(itemIdOf(params) ?? "");
  }

  #publish(message: NotificationMessage): void {
    this.fold.add(message);
    if (message.method === "item/completed") this.#completedItems.push(message);
    if (message.method !== "error") this.noteActivity();
    if (this.#readers.size > 0) for (const reader of this.#readers) reader.push(message);
  }

  #finish(end: TurnEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const readers = [...this.#readers];
    this.#readers.clear();
    const listeners = [...this.#onEnd];
    this.#onEnd.clear();
    this.#onActivity.clear();
    this.#completedItems.length = 0;
    this.#interruptible.resolve();
    for (const listener of listeners) listener(end);
    for (const reader of readers) finish(reader, end);
  }
}

/** The reader's owner decides about the error of a turn that was cut off, and fails the reader before. */
function finish(reader: TurnReader, end: TurnEnd): void {
  if (end.kind === "failed") reader.fail(end.error);
  else reader.end();
}
