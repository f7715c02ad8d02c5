/** A caller of `next()` that waits for a value. */
interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(reason: unknown): void;
}

type End = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

export interface AsyncQueueOptions<T> {
  /** From this many waiting values on, `merge` is asked to fold a new value into the newest one. */
  readonly mergeAbove?: number;
  /** Returns the folded value, or `undefined` when the two must stay apart. */
  readonly merge?: (newest: T, next: T) => T | undefined;
  /** Called once when the consumer has left or has read everything. */
  readonly onRelease?: () => void;
}

/**
 * Queue of values that one side pushes and one consumer reads, in order. Values that are pushed before
 * the consumer comes are kept; after `end` or `fail` the consumer still gets what came before.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: AsyncQueueOptions<T>;
  /** Values from `#head` on wait to be read; a slot before it is empty. */
  #values: (T | undefined)[] = [];
  #head = 0;
  #end: End | undefined;
  #isReleased = false;
  // A list, because a caller may ask for several values before the first one comes.
  readonly #waiting: Waiting<T>[] = [];
  readonly #onRelease: (() => void)[] = [];

  constructor(options: AsyncQueueOptions<T> = {}) {
    this.#options = options;
    if (options.onRelease !== undefined) this.#onRelease.push(options.onRelease);
  }

  /** Calls `listener` once, when the consumer has left or has read everything; at once if that was before. */
  onRelease(listener: () => void): void {
    if (this.#isReleased) listener();
    else this.#onRelease.push(listener);
  }

  /** Number of values that wait to be read. */
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

  /** Ends the queue behind the values that it has. */
  end(): void {
    this.#finish({ kind: "done" });
  }

  /** Ends the queue with an error behind the values that it has. */
  fail(error: unknown): void {
    this.#finish({ kind: "failed", error });
  }

  /** Ends the queue with an error at once: values that were not read are dropped. */
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
    const promise: Promise<IteratorResult<T, undefined>> = new Promise((resolve, reject) => {
      const rejectLater = (reason: unknown) => {
        // The caller may look at the promise later: until then this is not an unhandled rejection.
        promise.catch(() => {});
        reject(reason);
      };
      this.#waiting.push({ resolve, reject: rejectLater });
    });
    return promise;
  }

  /** Releases the queue, because the consumer leaves: its values are dropped, and no more are kept. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#release();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): T {
    // SAFETY: `size > 0` was checked by the only caller, so the slot at the head holds a value.
    const value = this.#values[this.#head] as T;
    // A value that was read must not be held until its slot is dropped: of many short queues that is most of the heap.
    this.#values[this.#head] = undefined;
    this.#head += 1;
    // Dropped in blocks: `shift` for each value is quadratic on a long backlog.
    const isEmpty = this.#head === this.#values.length;
    if (isEmpty || (this.#head >= 1024 && this.#head * 2 >= this.#values.length)) {
      this.#values = isEmpty ? [] : this.#values.slice(this.#head);
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
    for (const listener of this.#onRelease.splice(0)) listener();
  }
}
