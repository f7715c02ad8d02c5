import { describe, expect, it } from "vitest";

import { Observers } from "../../../src/router/observers.js";

const note = (method: string) => ({ method, params: { method } });

describe("Observers", () => {
  it("call a listener with the notifications of its methods only", () => {
    const observers = new Observers();
    const seen: string[] = [];
    observers.add(["a", "b"], ({ method }) => seen.push(method));
    for (const method of ["a", "c", "b", "a"]) observers.notify(note(method));
    expect(seen).toEqual(["a", "b", "a"]);
  });

  it("call a listener of all with every notification, behind those of the method", () => {
    const observers = new Observers();
    const seen: string[] = [];
    observers.addToAll(({ method }) => seen.push(`all ${method}`));
    observers.add(["a"], ({ method }) => seen.push(`one ${method}`));
    for (const method of ["a", "b"]) observers.notify(note(method));
    expect(seen).toEqual(["one a", "all a", "all b"]);
    expect(observers.sizeOfAll).toBe(1);
  });

  it("call a removed listener no more, and keep the others of its methods", () => {
    const observers = new Observers();
    const seen: string[] = [];
    const removals = [
      observers.add(["a", "b"], () => seen.push("first")),
      observers.add(["a"], () => seen.push("second")),
      observers.addToAll(() => seen.push("third")),
    ];
    removals[0]?.();
    removals[0]?.();
    observers.notify(note("a"));
    expect(seen).toEqual(["second", "third"]);
    for (const remove of removals) remove();
    observers.notify(note("a"));
    expect(seen).toEqual(["second", "third"]);
    expect(observers.sizeOfAll).toBe(0);
  });
});
