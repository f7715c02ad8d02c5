/** One public function or method, with what the generated argument test needs to call it. */
export interface Entrance<World> {
  /** Calls the entrance with these arguments, whatever they are. */
  readonly call: (world: World, args: readonly unknown[]) => unknown;
  /** Valid required arguments. Each is also replaced by an invalid value. */
  readonly required?: readonly unknown[];
  /** Names of options by their check; left out when the entrance does not take options. */
  readonly options?: {
    readonly signal?: true;
    readonly durations?: readonly string[];
  };
  /** The call without any argument is valid, too. */
  readonly mayBeEmpty?: true;
  /** Valid arguments between the required ones and the options. */
  readonly between?: readonly unknown[];
  /** The arguments are secrets, so that an error shows only their type. */
  readonly areSecrets?: true;
  /** Indexes of required arguments that accept a number. */
  readonly numbers?: readonly number[];
  /** Members of the options object that must be given, so that only the tested one is invalid. */
  readonly given?: object;
}

/** A call that must be refused, and the text that the error must contain. */
export interface ArgumentCase {
  readonly title: string;
  readonly args: readonly unknown[];
  readonly shown: string;
}

const WRONG_DURATIONS: readonly (readonly [value: unknown, shown: string])[] = [
  [-1, "-1"],
  [Number.NaN, "NaN"],
  [Infinity, "Infinity"],
  [2 ** 31, String(2 ** 31)],
  ["1000", '"1000"'],
];

/** Builds every invalid call of an entrance. */
export function argumentCasesOf<World>(entrance: Entrance<World>): ArgumentCase[] {
  return [...requiredCases(entrance), ...optionCases(entrance)];
}

function requiredCases<World>(entrance: Entrance<World>): ArgumentCase[] {
  const { required = [], numbers = [], areSecrets = false, mayBeEmpty = false } = entrance;
  if (required.length === 0) return [];
  const replaced = required.flatMap((_argument, index) => {
    const withValue = (value: unknown) => required.map((a, i) => (i === index ? value : a));
    return [null, 5]
      .filter((value) => value === null || !numbers.includes(index))
      .map((value) => ({
        title: `argument ${index + 1} is ${value}`,
        args: withValue(value),
        shown: areSecrets && value !== null ? typeof value : String(value),
      }));
  });
  const none = { title: "no argument", args: [], shown: "undefined" };
  return mayBeEmpty ? replaced : [none, ...replaced];
}

function optionCases<World>(entrance: Entrance<World>): ArgumentCase[] {
  const { required = [], between = [], options, given = {} } = entrance;
  if (options === undefined) return [];
  const caseOf = (title: string, value: unknown, shown: string): ArgumentCase => ({
    title,
    args: [...required, ...between, value],
    shown,
  });
  const { signal } = new AbortController();
  return [
    caseOf("options are null", null, "null"),
    caseOf("options are a number", 5, "5"),
    caseOf("options have an unknown name", { ...given, bogus: 1 }, "bogus"),
    caseOf("options have a misspelt signal", { ...given, sgnal: signal }, "sgnal"),
    caseOf("options are a Map", new Map([["signal", signal]]), "Map"),
    ...(options.signal === true
      ? [
          caseOf("signal is not a signal", { ...given, signal: "no" }, '"no"'),
          caseOf("signal is inherited", Object.assign(Object.create({ signal }), given), "signal"),
          caseOf(
            "signal is a getter that throws",
            Object.defineProperty({ ...given }, "signal", { enumerable: true, get: throwBoom }),
            "boom",
          ),
        ]
      : []),
    ...(options.durations ?? []).flatMap((name) =>
      WRONG_DURATIONS.map(([value, shown]) =>
        caseOf(`${name} is ${shown}`, { ...given, [name]: value }, shown),
      ),
    ),
  ];
}

function throwBoom(): never {
  throw new Error("boom");
}

/** The names of the methods of a class and of the classes that it extends, without getters. */
export function methodsOf(ownerClass: { readonly prototype: object }): string[] {
  const names: string[] = [];
  let owner: object | null = ownerClass.prototype;
  while (owner !== null && owner !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (name !== "constructor" && typeof value === "function") names.push(name);
    }
    owner = Object.getPrototypeOf(owner);
  }
  return names;
}
