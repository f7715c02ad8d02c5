import type { SeededRandom } from "./seededRandom.js";

/** Values that a mutation puts in the place of another one. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  "",
  "x",
  "toString",
  "__proto__",
  "\u{1F600}\u0000\u2028",
  "x".repeat(5000),
  [],
  [null],
  [[[]]],
  {},
  { id: null },
  { id: "other", type: "other", status: "other" },
];

const KEYS: readonly string[] = [
  "id",
  "method",
  "params",
  "result",
  "error",
  "threadId",
  "turnId",
  "turn",
  "thread",
  "item",
  "goal",
  "status",
  "type",
  "__proto__",
  "constructor",
  "length",
];

/** Texts that are not a JSON object. */
const NOT_MESSAGES: readonly string[] = [
  "",
  "null",
  "[]",
  "42",
  '"text"',
  "{",
  "}{",
  "\u0000",
  "[{}",
];

/** Number of mutations in a hundred that may leave a text that is not a JSON object. */
const BROKEN_PERCENT = 3;

/** The text of a message after one to four mutations; `ids` are put where an id may stand. */
export function mutate(message: object, random: SeededRandom, ids: readonly unknown[]): string {
  if (random.below(100) < BROKEN_PERCENT) return breakText(JSON.stringify(message), random);
  const copy: unknown = structuredClone(message);
  for (let count = 1 + random.below(4); count > 0; count -= 1) mutateOnce(copy, random, ids);
  return JSON.stringify(copy);
}

function breakText(text: string, random: SeededRandom): string {
  const at = random.below(text.length);
  return random.pick([
    ...NOT_MESSAGES,
    text.slice(0, at),
    `${text.slice(0, at)}\uFFFD${text.slice(at + 1)}`,
    `${text}${text}`,
  ]);
}

function mutateOnce(message: unknown, random: SeededRandom, ids: readonly unknown[]): void {
  const holder = random.pick(holdersIn(message));
  const keys = Object.keys(holder);
  if (keys.length === 0) {
    set(holder, random.pick(KEYS), random.pick(ids));
    return;
  }
  const key = random.pick(keys);
  switch (random.below(7)) {
    case 0:
      Reflect.deleteProperty(holder, key);
      return;
    case 1:
      set(holder, key, structuredClone(random.pick(VALUES)));
      return;
    case 2:
      set(holder, random.pick(KEYS), structuredClone(random.pick(VALUES)));
      return;
    case 3:
      set(holder, key, random.pick(ids));
      return;
    case 4:
      set(holder, random.pick(KEYS), random.pick(ids));
      return;
    case 5:
      set(holder, key, [Reflect.get(holder, key)]);
      return;
    case 6:
      // A value under another name.
      set(holder, random.pick(KEYS), structuredClone(Reflect.get(holder, key)));
      Reflect.deleteProperty(holder, key);
  }
}

/** A member of its own, also under the name of the prototype. */
function set(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder) && !(Number(key) < holder.length)) {
    holder.push(value);
    return;
  }
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** The objects and lists in a value, the value itself among them. */
function holdersIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(holdersIn)];
}
