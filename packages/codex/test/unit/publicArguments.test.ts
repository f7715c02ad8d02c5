import { setImmediate as nextMacrotask } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { GoalHandle } from "../../src/api/goals/goalHandle.js";
import { Thread } from "../../src/api/thread.js";
import { TurnHandle } from "../../src/api/turns/turnHandle.js";
import * as lowLevel from "../../src/client.js";
import * as root from "../../src/index.js";
import * as otel from "../../src/otel/index.js";
import * as testing from "../../src/testing/index.js";
import { type ArgumentCase, argumentCasesOf, methodsOf } from "../support/argumentCases.js";
import { type ArgumentWorld, startArgumentWorld } from "../support/argumentWorld.js";
import { ENTRANCES, INTERNAL } from "../support/publicEntrances.js";

/** Number of macrotasks within which a call has to refuse its arguments. A call that was accepted may never settle. */
const MAX_MACROTASKS = 5;

let world: ArgumentWorld;

beforeAll(async () => {
  world = await startArgumentWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Returns the reason why a call was not refused as it must be; `undefined` when it was. */
async function faultOf(
  entrance: string,
  { args, shown }: ArgumentCase,
): Promise<string | undefined> {
  const before = world.runtime.received.length;
  const error = await Promise.race([failureOf(entrance, args), macrotasks(MAX_MACROTASKS)]);
  await macrotasks(2);
  if (world.runtime.received.length > before) return "was sent to the runtime";
  if (!(error instanceof root.InvalidOptionError)) return `gave ${String(error)}`;
  return error.message.includes(shown) ? undefined : `does not show ${shown}: ${error.message}`;
}

async function failureOf(entrance: string, args: readonly unknown[]): Promise<unknown> {
  try {
    const returned = await ENTRANCES[entrance]?.call(world, args);
    if (isIterator(returned)) await returned.next();
    return "no error";
  } catch (error) {
    return error;
  }
}

function isIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function entranceOf(name: string) {
  const entrance = ENTRANCES[name];
  if (entrance === undefined) throw new Error(`${name} is not in the table of entrances`);
  return entrance;
}

async function macrotasks(count: number): Promise<string> {
  for (let passed = 0; passed < count; passed += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await nextMacrotask();
  }
  return "no error";
}

describe("every function and method of the public API", () => {
  const classes = {
    Codex: root.Codex,
    Thread,
    TurnHandle,
    GoalHandle,
    CodexClient: lowLevel.CodexClient,
    ScriptedModel: testing.ScriptedModel,
  };

  it("is in the table of entrances", () => {
    const isFunction = (value: unknown) =>
      typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
    const functions = [root, lowLevel, otel, testing].flatMap((entry) =>
      Object.entries<unknown>(entry)
        .filter(([, value]) => isFunction(value))
        .map(([name]) => name),
    );
    const methods = Object.entries(classes).flatMap(([name, ownerClass]) =>
      methodsOf(ownerClass).map((method) => `${name}.${method}`),
    );
    const all = [...functions, ...methods].filter((name) => !INTERNAL.has(name));

    expect(functions.length).toBeGreaterThan(20);
    expect(all.filter((name) => ENTRANCES[name] === undefined)).toEqual([]);
  });

  it.each(Object.keys(ENTRANCES).filter((name) => argumentCasesOf(entranceOf(name)).length > 0))(
    "%s refuses every invalid argument with an InvalidOptionError that shows it, and sends nothing",
    async (name) => {
      const faults: string[] = [];
      for (const argumentCase of argumentCasesOf(entranceOf(name))) {
        // oxlint-disable-next-line no-await-in-loop -- each call is compared with what was sent before it
        const fault = await faultOf(name, argumentCase);
        if (fault !== undefined) faults.push(`${argumentCase.title}: ${fault}`);
      }
      expect(faults).toEqual([]);
    },
  );
});
