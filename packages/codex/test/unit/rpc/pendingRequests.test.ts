import { describe, expect, it } from "vitest";

import {
  type PendingRequest,
  PendingRequests,
  type RequestOutcome,
  type RequestPriority,
} from "../../../src/rpc/pendingRequests.js";

interface Recorded extends PendingRequest {
  readonly ids: number[];
  readonly outcomes: RequestOutcome[];
}

function request(method: string, priority: RequestPriority = "regular"): Recorded {
  const ids: number[] = [];
  const outcomes: RequestOutcome[] = [];
  return {
    method,
    priority,
    ids,
    outcomes,
    send: (id) => ids.push(id),
    settle: (outcome) => outcomes.push(outcome),
    forget: () => ids.push(-1),
  };
}

const RESULT: RequestOutcome = { kind: "result", result: "r" };

/** So many requests, all added. */
function added(pending: PendingRequests, count: number): Recorded[] {
  const requests = Array.from({ length: count }, (_, i) => request(`m${i + 1}`));
  for (const one of requests) pending.add(one);
  return requests;
}

describe("PendingRequests", () => {
  it("sends at most so many at once, the others in order as answers come", () => {
    const pending = new PendingRequests(2);
    const requests = added(pending, 4);
    const sent = () => requests.map(({ ids }) => ids);

    expect(sent()).toEqual([[1], [2], [], []]);
    expect(pending.settle(2, RESULT)).toBe(true);
    expect(sent()).toEqual([[1], [2], [3], []]);
    pending.settle(1, RESULT);
    expect(sent()).toEqual([[1], [2], [3], [4]]);
    expect(requests.map(({ outcomes }) => outcomes)).toEqual([[RESULT], [RESULT], [], []]);
  });

  it("settles a request once, and none by an id that is unknown or no number", () => {
    const pending = new PendingRequests(2);
    const [one] = added(pending, 1);
    expect([99, "1", null, undefined].map((id) => pending.settle(id, RESULT))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([pending.settle(1, RESULT), pending.settle(1, RESULT)]).toEqual([true, false]);
    expect(one?.outcomes).toEqual([RESULT]);
  });

  it("never sends a request that is abandoned while it waits", () => {
    const pending = new PendingRequests(1);
    const [, second, third] = added(pending, 3);
    expect(second !== undefined && pending.abandon(second)).toBe(false);
    pending.settle(1, RESULT);
    expect([second?.ids, third?.ids]).toEqual([[], [2]]);
  });

  it("gives the place of an abandoned request to the next, and still settles it by a late answer", () => {
    const pending = new PendingRequests(1);
    const [first, second] = added(pending, 2);
    expect(first !== undefined && pending.abandon(first)).toBe(true);
    expect(second?.ids).toEqual([2]);
    expect([pending.settle(1, RESULT), pending.settle(1, RESULT)]).toEqual([true, false]);
    expect(first?.outcomes).toEqual([RESULT]);
  });

  it("gives the place of the very request that is abandoned away, once", () => {
    const pending = new PendingRequests(2);
    const [first, second, third, fourth] = added(pending, 4);
    const abandon = () => second !== undefined && pending.abandon(second);
    expect([abandon(), abandon()]).toEqual([true, true]);
    expect([third?.ids, fourth?.ids]).toEqual([[3], []]);
    pending.settle(1, RESULT);
    expect([first?.outcomes, second?.outcomes, fourth?.ids]).toEqual([[RESULT], [], [4]]);
  });

  it("fails every one, each with an error of its own: sent, abandoned and waiting", () => {
    const pending = new PendingRequests(2);
    const requests = added(pending, 4);
    const [abandoned] = requests;
    if (abandoned !== undefined) pending.abandon(abandoned);
    pending.failAll(({ method }) => new Error(`${method} failed`));

    const errors = requests.flatMap(({ outcomes }) =>
      outcomes.map((outcome) => (outcome.kind === "error" ? outcome.error : undefined)),
    );
    expect(errors.map((error) => error?.message)).toEqual([
      "m1 failed",
      "m2 failed",
      "m3 failed",
      "m4 failed",
    ]);
    expect(new Set(errors).size).toBe(4);
    expect(pending.settle(2, RESULT)).toBe(false);
  });

  it("fails a request once, by an error that is made for it, and none by an id that is not one's", () => {
    const pending = new PendingRequests(1);
    const [first, second] = added(pending, 2);
    const fail = (id: unknown) => pending.fail(id, ({ method }) => new Error(`${method} failed`));
    expect([2, "1", undefined].map(fail)).toEqual([false, false, false]);
    expect([fail(1), fail(1)]).toEqual([true, false]);
    expect([first?.outcomes, second?.ids, second?.outcomes]).toEqual([
      [{ kind: "error", error: new Error("m1 failed") }],
      [2],
      [],
    ]);
  });

  it("sends a control call at once, however many others wait", () => {
    const pending = new PendingRequests(2);
    added(pending, 5);
    const control = request("turn/interrupt", "control");
    pending.add(control);
    expect(control.ids).toHaveLength(1);
  });

  it("leaves a quarter of the slots to other calls when long ones wait", () => {
    const pending = new PendingRequests(8);
    const long = Array.from({ length: 8 }, () => request("command/exec", "long"));
    for (const one of long) pending.add(one);
    const regular = request("model/list");
    pending.add(regular);
    expect([long.filter(({ ids }) => ids.length > 0).length, regular.ids.length]).toEqual([6, 1]);
    pending.settle(1, RESULT);
    expect(long.filter(({ ids }) => ids.length > 0)).toHaveLength(7);
  });

  it("forgets the oldest of more than 1,024 requests whose callers have left", () => {
    const pending = new PendingRequests(2000);
    const requests = added(pending, 1025);
    for (const one of requests) pending.abandon(one);
    expect(requests.map(({ ids }) => ids.includes(-1)).indexOf(true)).toBe(0);
    expect(requests.filter(({ ids }) => ids.includes(-1))).toHaveLength(1);
    expect(pending.inspect()).toMatchObject({ abandonedRequests: 1024, inFlightRequests: 0 });
  });
});
