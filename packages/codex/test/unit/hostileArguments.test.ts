import { setImmediate as nextMacrotask } from "node:timers/promises";

import { afterAll, beforeAll, expect, it } from "vitest";

import { CodexError, InvalidOptionError } from "../../src/index.js";
import type { Entrance } from "../support/argumentCases.js";
import { type ArgumentWorld, startArgumentWorld } from "../support/argumentWorld.js";
import { ENTRANCES } from "../support/publicEntrances.js";

/** Number of macrotasks within which a call has to refuse its arguments. A call that was accepted may never settle. */
const MAX_MACROTASKS = 3;

let world: ArgumentWorld;

beforeAll(async () => {
  world = await startArgumentWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function revokedList(): object {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

function boom(): never {
  throw new TypeError("boom");
}

function withThrowingTraps(): object {
  return new Proxy(
    {},
    { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom },
  );
}

function withThrowingGetter(name: string): object {
  return Object.defineProperty({}, name, { enumerable: true, get: boom });
}

function cyclic(): object {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  return value;
}

/** Values whose parts cannot be read, or cannot be sent. */
const HOSTILE: readonly (readonly [title: string, value: unknown])[] = [
  ["a revoked proxy", revoked()],
  ["a revoked proxy of a list", revokedList()],
  ["a proxy whose traps throw", withThrowingTraps()],
  ["a list of a revoked proxy", [revoked()]],
  ["a list of a proxy whose traps throw", [withThrowingTraps()]],
  ["a member that is a revoked proxy", { type: revoked() }],
  ["a member that throws", withThrowingGetter("type")],
  ["a list of an object with a member that throws", [withThrowingGetter("type")]],
  ["a list whose member throws", Object.defineProperty([], 0, { enumerable: true, get: boom })],
  ["a circular object", cyclic()],
  ["a symbol", Symbol("s")],
  ["an object without a prototype", Object.assign(Object.create(null), { a: Object.create(null) })],
  ["a toString that throws", { toString: boom, toJSON: boom, [Symbol.toPrimitive]: boom }],
];

async function failureOf(
  entrance: Entrance<ArgumentWorld>,
  args: readonly unknown[],
): Promise<unknown> {
  const call = async (): Promise<unknown> => {
    try {
      const returned: unknown = await entrance.call(world, args);
      if (typeof returned === "object" && returned !== null && Symbol.asyncIterator in returned) {
        // SAFETY: an async iterable that a method returns is an iterator, too.
        await (returned as unknown as AsyncIterator<unknown>).next();
      }
    } catch (error) {
      return error;
    }
    return undefined;
  };
  return Promise.race([call(), macrotasks()]);
}

async function macrotasks(): Promise<undefined> {
  for (let passed = 0; passed < MAX_MACROTASKS; passed += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await nextMacrotask();
  }
  return undefined;
}

/** The names of the options of an entrance, as its refusal of an unknown one lists them. */
async function optionNamesOf(entrance: Entrance<ArgumentWorld>): Promise<readonly string[]> {
  if (entrance.options === undefined) return [];
  const error = await failureOf(entrance, argsOf(entrance, { bogusName: 1 }));
  const list =
    error instanceof InvalidOptionError
      ? /the known ones are (.+)\.$/.exec(error.message)?.[1]
      : undefined;
  return list?.split(", ") ?? [];
}

function argsOf(entrance: Entrance<ArgumentWorld>, options: object): readonly unknown[] {
  return [
    ...(entrance.required ?? []),
    ...(entrance.between ?? []),
    { ...entrance.given, ...options },
  ];
}

/** Every call with one value replaced, at the top and one level below. */
async function callsOf(entrance: Entrance<ArgumentWorld>) {
  const { required = [] } = entrance;
  const names = await optionNamesOf(entrance);
  return HOSTILE.flatMap(([title, value]) => [
    ...required.flatMap((argument, index) =>
      [value, ...replacements(argument, value)].map((hostile) => ({
        title: `argument ${index + 1}: ${title}`,
        args: required.map((other, i) => (i === index ? hostile : other)),
      })),
    ),
    ...names.map((name) => ({
      title: `${name}: ${title}`,
      args: argsOf(entrance, { [name]: value }),
    })),
    ...Object.entries(entrance.given ?? {}).flatMap(([name, given]) =>
      replacements(given, value).map((hostile) => ({
        title: `in ${name}: ${title}`,
        args: argsOf(entrance, { [name]: hostile }),
      })),
    ),
    ...(entrance.options === undefined
      ? []
      : [{ title: `options: ${title}`, args: [...required, ...(entrance.between ?? []), value] }]),
  ]);
}

function replacements(given: unknown, value: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given.map((_member, index) => given.with(index, value));
  if (typeof given !== "object" || given === null) return [];
  return Object.keys(given).map((key) => ({ ...given, [key]: value }));
}

/** Texts for the model or a command, and data, which have limits of their own; all others are names. */
const LONG_TEXTS: ReadonlySet<string> = new Set([
  "baseInstructions",
  "developerInstructions",
  "launchArgs",
  "history",
  "responsesapiClientMetadata",
  "responsesapiClientMetadataPatch",
  "additionalContext",
  "collaborationMode",
  "body",
  "content",
]);

it("isRetryableError answers false for a value that cannot be read", () => {
  for (const [, value] of HOSTILE)
    expect(ENTRANCES["isRetryableError"]?.call(world, [value])).toBe(false);
});

it.each(Object.keys(ENTRANCES))(
  "%s refuses values that cannot be read with an error of the SDK",
  async (name) => {
    const entrance = ENTRANCES[name];
    if (entrance === undefined) throw new Error(name);
    const faults = new Set<string>();
    for (const { title, args } of await callsOf(entrance)) {
      // oxlint-disable-next-line no-await-in-loop -- they share one world
      const error = await failureOf(entrance, args);
      if (error !== undefined && !(error instanceof CodexError)) {
        faults.add(
          `${title}: ${error instanceof Error ? `${error.name} ${error.message} ${String(error.stack?.split("\n")[1])}` : typeof error}`,
        );
      }
    }
    expect([...faults]).toEqual([]);
  },
);

it.each(Object.keys(ENTRANCES))(
  "%s refuses a name of 40,000 characters, and sends nothing",
  async (name) => {
    const entrance = ENTRANCES[name];
    if (entrance === undefined) throw new Error(name);
    const faults: string[] = [];
    const long = "x".repeat(40_000);
    const names = (await optionNamesOf(entrance)).filter((option) => !LONG_TEXTS.has(option));
    const calls = [
      ...names.map((option) => ({ title: option, args: argsOf(entrance, { [option]: long }) })),
      ...names.map((option) => ({
        title: `${option}[0]`,
        args: argsOf(entrance, { [option]: [long] }),
      })),
      ...(entrance.required ?? []).flatMap((argument, index) =>
        // The table has this word for texts that are not names. A data URL has the image.
        typeof argument === "string" && argument !== "text" && !argument.startsWith("data:")
          ? [{ title: `argument ${index + 1}`, args: (entrance.required ?? []).with(index, long) }]
          : [],
      ),
    ];
    for (const { title, args } of calls) {
      const before = world.runtime.received.length;
      // oxlint-disable-next-line no-await-in-loop -- they share one world
      const error = await failureOf(entrance, args);
      if (world.runtime.received.length > before) faults.push(`${title} was sent`);
      else if (!(error instanceof InvalidOptionError))
        faults.push(`${title}: ${String(error).slice(0, 100)}`);
      else if (error.message.length > 2000) faults.push(`${title} is quoted`);
    }
    expect(faults).toEqual([]);
  },
);
