/** Runs the tasks of one key one after the other. Tasks of different keys do not wait for each other. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Number of keys with a task that has not ended. */
  get size(): number {
    return this.#tails.size;
  }

  /**
   * Resolves once the tasks that a key has now have ended, whether they succeeded or not; `undefined` for a
   * key without one, so that its caller need not wait.
   */
  settled(key: string): Promise<unknown> | undefined {
    return this.#tails.get(key);
  }

  /** Runs a task once all earlier ones of its key have ended, and settles as it does. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const result = before === undefined ? task() : before.then(task);
    const tail: Promise<void> = result.then(
      () => this.#end(key, tail),
      () => this.#end(key, tail),
    );
    this.#tails.set(key, tail);
    return result;
  }

  #end(key: string, tail: Promise<unknown>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
  }
}
