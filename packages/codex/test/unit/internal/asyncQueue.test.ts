import { describe, expect, it, vi } from "vitest";

import { AsyncQueue } from "../../../src/internal/asyncQueue.js";
import { rejectionOf } from "../../support/rejection.js";
import { retainedHeap } from "../../support/retainedHeap.js";

async function drain<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of queue) values.push(value);
  return values;
}

describe("AsyncQueue", () => {
  it("keeps what is pushed before the consumer comes, and ends after it", async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.push(2);
    queue.end();
    queue.push(3);
    expect(await drain(queue)).toEqual([1, 2]);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it("gives several waiting calls their values in order, and ends those that are left", async () => {
    const queue = new AsyncQueue<number>();
    const calls = [queue.next(), queue.next(), queue.next()];
    queue.push(1);
    queue.end();
    expect(await Promise.all(calls)).toEqual([
      { value: 1, done: false },
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  it("does not hold a value that was read", async () => {
    const queue = new AsyncQueue<{ readonly text: string[] }>();
    const before = retainedHeap();
    for (let index = 0; index < 100; index += 1) {
      queue.push({ text: Array.from({ length: 10_000 }, () => "text") });
    }
    queue.push({ text: ["unread"] });
    const withAll = retainedHeap() - before;
    for (let index = 0; index < 100; index += 1) await queue.next();
    expect(retainedHeap() - before).toBeLessThan(withAll / 10);
    expect(await queue.next()).toEqual({ value: { text: ["unread"] }, done: false });
  });

  it("throws the failure once, after what came before it", async () => {
    const queue = new AsyncQueue<number>();
    const error = new Error("gone");
    queue.push(1);
    queue.fail(error);
    queue.fail(new Error("again"));
    expect(await queue.next()).toEqual({ value: 1, done: false });
    expect(await rejectionOf(queue.next())).toBe(error);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it("rejects the first of several waiting calls with the failure", async () => {
    const queue = new AsyncQueue<number>();
    const [first, second] = [queue.next(), queue.next()];
    const error = new Error("gone");
    queue.fail(error);
    expect(await rejectionOf(first)).toBe(error);
    expect(await second).toEqual({ value: undefined, done: true });
  });

  it("drops the unread on abort, also after the end was reported", async () => {
    const queue = new AsyncQueue<number>();
    const error = new Error("stop");
    queue.push(1);
    queue.end();
    queue.abort(error);
    expect(await rejectionOf(queue.next())).toBe(error);
  });

  it("leaves an end that has nothing before it as it is on abort", async () => {
    const queue = new AsyncQueue<number>();
    queue.end();
    queue.abort(new Error("too late"));
    expect(await drain(queue)).toEqual([]);
  });

  it("keeps nothing once the consumer has left, and reports that once", async () => {
    const onRelease = vi.fn<() => void>();
    const queue = new AsyncQueue<number>({ onRelease });
    queue.push(1);
    const waiting = (await queue.next(), queue.next());
    await queue.return();
    await queue.return();
    queue.push(2);
    expect([queue.size, await waiting, await queue.next(), onRelease.mock.calls.length]).toEqual([
      0,
      { value: undefined, done: true },
      { value: undefined, done: true },
      1,
    ]);
  });

  it("keeps the order over a backlog that is read in part", async () => {
    const queue = new AsyncQueue<number>();
    const read: unknown[] = [];
    for (let i = 0; i < 5000; i += 1) queue.push(i);
    for (let i = 0; i < 3000; i += 1) read.push((await queue.next()).value);
    for (let i = 5000; i < 6000; i += 1) queue.push(i);
    queue.end();
    expect([...read, ...(await drain(queue))]).toEqual(Array.from({ length: 6000 }, (_, i) => i));
  });

  it("folds values from the threshold on alone, and only where merge allows it", async () => {
    const queue = new AsyncQueue<string>({
      mergeAbove: 2,
      merge: (newest, next) => (next === "|" || newest.endsWith("|") ? undefined : newest + next),
    });
    for (const value of ["a", "b", "c", "d", "|", "e", "f"]) queue.push(value);
    queue.end();
    expect(await drain(queue)).toEqual(["a", "bcd", "|", "ef"]);
  });
});
