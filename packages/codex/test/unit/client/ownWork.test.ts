import { expect, it } from "vitest";

import { OwnWork } from "../../../src/client/ownWork.js";
import { Observers } from "../../../src/router/observers.js";
import { SubscribedThreads } from "../../../src/router/subscribedThreads.js";
import { ThreadQueue } from "../../../src/router/threadQueue.js";

const THREAD = "thread-1";
const params = { threadId: THREAD };
const goal = (status: string) => ({ goal: { status } });

function start() {
  const [threads, subscriptions, observers] = [
    new ThreadQueue(),
    new SubscribedThreads(),
    new Observers(),
  ];
  const work = new OwnWork(threads, subscriptions);
  work.observe(observers);
  subscriptions.noteResponse("thread/resume", params, { thread: { id: THREAD } });
  return { threads, work, observers };
}

it("a turn of a request without a handle is this client's own, until its end", () => {
  const { threads, work } = start();
  work.noteResponse("turn/start", params, { turn: { id: "turn-1" } });
  expect(work.has(THREAD)).toBe(true);
  threads.noteEnded(THREAD, "turn-1");
  expect(work.has(THREAD)).toBe(false);
});

it("a turn of another client that a start has joined is not this client's own", () => {
  const { threads, work } = start();
  threads.noteActive(THREAD, "turn-1");
  work.noteResponse("turn/start", params, { turn: { id: "turn-1" } });
  expect(work.has(THREAD)).toBe(false);
});

it.each([
  ["thread/goal/updated", goal("complete")],
  ["thread/goal/cleared", {}],
  ["thread/closed", {}],
])("the turns of a goal that this client has set are its own, until %s", (method, end) => {
  const { threads, work, observers } = start();
  work.noteResponse("thread/goal/set", params, goal("active"));
  // The runtime starts them by itself, and the goal's handle may have been left.
  threads.noteActive(THREAD, "turn-7");
  observers.notify({ method: "thread/goal/updated", params: { ...params, ...goal("active") } });
  expect(work.has(THREAD)).toBe(true);
  observers.notify({ method, params: { ...params, ...end } });
  expect(work.has(THREAD)).toBe(false);
});
