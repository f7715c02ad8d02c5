import { describe, expect, it } from "vitest";

import type { Entrance } from "../support/argumentCases.js";
import { type ArgumentWorld, startArgumentWorld } from "../support/argumentWorld.js";
import { ENTRANCES } from "../support/publicEntrances.js";
import { rejectionOf } from "../support/rejection.js";
import { settle } from "../support/scriptedClient.js";

// The rule: every public method that sends a request ends by its timeoutMs and by its signal, whatever
// the runtime does not answer.

type Call = (world: ArgumentWorld, options?: object) => Promise<unknown>;

/** Calls a method with valid arguments, and with these options behind them. */
function toCall({ call, required = [], between = [], given }: Entrance<ArgumentWorld>): Call {
  return async (world, options) => {
    const last = options === undefined && given === undefined ? [] : [{ ...given, ...options }];
    const returned: unknown = await call(world, [...required, ...between, ...last]);
    return isIterator(returned) ? returned.next() : returned;
  };
}

function isIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

const METHOD = /^(?:Codex|Thread|TurnHandle|GoalHandle|LoginHandle|CodexClient)\./;
const rows = Object.entries(ENTRANCES)
  .filter(([name]) => METHOD.test(name) && !name.endsWith(".close"))
  .map(([name, entrance]) => ({ name, entrance, call: toCall(entrance) }));
const limited = rows.filter(
  ({ entrance: { options } }) =>
    options?.signal === true && options.durations?.includes("timeoutMs") === true,
);

/** An interrupt has nothing to do any more when the end of the runtime has ended its turn. */
const failing = limited.filter(({ name }) => name !== "TurnHandle.interrupt");

/** Starts a world whose runtime has answered so far, and does not any more. */
async function startSilentWorld(): Promise<ArgumentWorld> {
  const world = await startArgumentWorld();
  world.runtime.play = () => {};
  return world;
}

describe("a runtime that answers nothing any more", () => {
  it("is sent requests only by methods that have signal and timeoutMs", async () => {
    const sending: string[] = [];
    for (const { name, call } of rows) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await using world = await startSilentWorld();
      const before = world.runtime.received.length;
      // It does not settle before the client is closed.
      call(world).catch(() => {});
      // oxlint-disable-next-line no-await-in-loop
      await settle();
      // A row of its own has the options of a method whose options are required.
      if (world.runtime.received.length > before) sending.push(name.replace(" (options)", ""));
    }
    const names = new Set(limited.map(({ name }) => name.replace(" (options)", "")));

    expect(sending.length).toBeGreaterThan(30);
    expect(sending.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(limited)("does not hold $name beyond its timeoutMs", async ({ call }) => {
    await using world = await startSilentWorld();
    expect(await rejectionOf(call(world, { timeoutMs: 20 }))).toMatchObject({
      code: "REQUEST_TIMEOUT",
    });
  });

  it.each(limited)(
    "does not hold $name after an abort in the tick of the call",
    async ({ call }) => {
      await using world = await startSilentWorld();
      const controller = new AbortController();
      const reason = new Error("left");
      const called = rejectionOf(call(world, { signal: controller.signal }));
      controller.abort(reason);

      expect(await called).toBe(reason);
    },
  );

  it.each(failing)("does not hold $name after its end", async ({ call }) => {
    await using world = await startSilentWorld();
    const called = rejectionOf(call(world));
    await settle();
    world.runtime.exit(3);

    expect(await called).toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it.each(failing)("does not hold $name after the end of the client", async ({ call }) => {
    await using world = await startSilentWorld();
    const called = rejectionOf(call(world));
    await settle();
    await world.codex.close();

    expect(await called).toMatchObject({ code: "CLOSED" });
  });

  it.each(limited)("does not hold $name after the abort of its signal", async ({ call }) => {
    await using world = await startSilentWorld();
    const controller = new AbortController();
    const reason = new Error("left");
    const called = rejectionOf(call(world, { signal: controller.signal }));
    await settle();
    controller.abort(reason);

    expect(await called).toBe(reason);
  });
});
