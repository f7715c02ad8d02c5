import { createDeferred, type Deferred } from "./deferred.js";

type End = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

export interface AsyncQueueOptions<T> {
  /** From this many waiting values on, `merge` is asked to fold a new value into the newest one. */
  readonly mergeAbove?: number;
  /** Returns the folded value, or `undefined` when the two must stay apart. */
  readonly merge?: (newest: T, next: T) => T | undefined;
  /** Called once when the consumer has left or everything was read. */
  readonly onRelease?: () => void;
}

/**
 * Values pushed from one side, read from the other by one consumer, in order. What is pushed before
 * the consumer comes is kept; after `end` or `fail` the consumer still gets what came before.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: AsyncQueueOptions<T>;
  #values: T[] = [];
  #head = 0;
  #end: End | undefined;
  #isReleased = false;
  // A list, because a caller may ask for several values before the first one comes.
  readonly #waiting: Deferred<IteratorResult<T, undefined>>[] = [];

  constructor(options: AsyncQueueOptions<T> = {}) {
    this.#options = options;
  }

  /** How many values wait to be read. */
  get size(): number {
    return this.#values.length - this.#head;
  }

  push(value: T): void {
    if (this.#end !== undefined || this.#isReleased) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ value, done: false });
      return;
    }
    const { mergeAbove, merge } = this.#options;
    const newest = this.#values.at(-1);
    if (merge !== undefined && newest !== undefined && this.size >= (mergeAbove ?? 0)) {
      const merged = merge(newest, value);
      if (merged !== undefined) {
        this.#values[this.#values.length - 1] = merged;
        return;
      }
    }
    this.#values.push(value);
  }

  /** No value comes after this; the consumer ends once it has read what is there. */
  end(): void {
    this.#finish({ kind: "done" });
  }

  /** Like `end`, but the consumer gets `error` at the end. */
  fail(error: unknown): void {
    this.#finish({ kind: "failed", error });
  }

  /** Like `fail`, but the consumer gets `error` at once: what it has not read is dropped. */
  abort(error: unknown): void {
    if (this.#end !== undefined && this.size === 0) return;
    this.#values = [];
    this.#head = 0;
    this.#end = undefined;
    this.fail(error);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.size > 0) return Promise.resolve({ value: this.#take(), done: false });
    if (this.#isReleased) return Promise.resolve({ value: undefined, done: true });
    if (this.#end !== undefined) {
      const end = this.#end;
      this.#release();
      if (end.kind === "failed") return Promise.reject(end.error);
      return Promise.resolve({ value: undefined, done: true });
    }
    const waiting = createDeferred<IteratorResult<T, undefined>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** The consumer leaves: what is still here is dropped, and nothing is kept from now on. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#release();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): T {
    // `size > 0` was checked by the only caller, so the slot at the head holds a value.
    const value = this.#values[this.#head] as T;
    this.#head += 1;
    // Dropped in blocks: `shift` for each value is quadratic on a long backlog.
    if (this.#head >= 1024 && this.#head * 2 >= this.#values.length) {
      this.#values = this.#values.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }

  #finish(end: End): void {
    if (this.#end !== undefined || this.#isReleased) return;
    this.#end = end;
    if (this.#waiting.length > 0) {
      const [first, ...others] = this.#waiting.splice(0);
      if (end.kind === "failed") first?.reject(end.error);
      else first?.resolve({ value: undefined, done: true });
      for (const other of others) other.resolve({ value: undefined, done: true });
      this.#release();
    }
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#values = [];
    this.#head = 0;
    for (const waiting of this.#waiting.splice(0)) {
      waiting.resolve({ value: undefined, done: true });
    }
    this.#options.onRelease?.();
  }
}
