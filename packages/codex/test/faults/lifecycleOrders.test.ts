import * as fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";

import { Codex, CodexError } from "../../src/index.js";
import { ChildProcess } from "../../src/transport/childProcess.js";
import { type FakeAction, FakeAppServer, type FakeScript } from "../support/fakeAppServer.js";
import { followHostFaults } from "../support/hostFaults.js";
import { isAlive } from "../support/processes.js";
import { PROPERTY_TIMEOUT_MS, propertyRuns } from "../support/propertyRuns.js";
import {
  answersThread,
  answersTurn,
  delta,
  initializeResult,
  sends,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

followHostFaults();

/** Steps of a caller, in any order and any number of times, each at once or after a pause. */
const STEPS = [
  "start",
  "startThread",
  "run",
  "stream",
  "interrupt",
  "request",
  "notify",
  "notifications",
  "abort",
  "close",
  "nextTick",
  "waitForOne",
] as const;

type Step = (typeof STEPS)[number];

/** Reason of the caller's own abort, which is passed on unwrapped. */
const ABORTED = new Error("the caller has had enough");

/** Time limit for a step to settle once the client is closed; a hang lasts for ever. */
const HANG_MS = 10_000;

const initialized: FakeAction[] = [{ answer: initializeResult() }];

/** Starts of the runtime: at once, late, or not the first time. */
const STARTS: Readonly<Record<string, FakeScript>> = {
  well: {},
  late: { on: { initialize: [{ delay: 30 }, ...initialized] } },
  "with a refusal at first": {
    on: { initialize: [{ error: { code: -32603, message: "not now" } }] },
  },
  "with an exit at first": { firstStart: [{ exit: 1 }] },
};

/** Behaviour after the start: turns that end, that do not, and a death in the middle. */
const TURNS: Readonly<Record<string, readonly FakeAction[]>> = {
  "that end": wholeTurn("done"),
  "that go on": [answersTurn, ...sends(turnStarted(), delta("a"))],
  "that are not answered": [],
  "that kill it": [answersTurn, ...sends(turnStarted()), { exit: 3 }],
};

/** A program that uses one client in some order, and all that came of it. */
class Caller {
  readonly codex: Codex;
  readonly outcomes: Promise<string>[] = [];
  #abort = new AbortController();

  constructor(codex: Codex) {
    this.codex = codex;
  }

  async take(step: Step): Promise<void> {
    if (step === "nextTick") await new Promise(setImmediate);
    else if (step === "waitForOne") await this.#anyOutcome();
    else if (step === "abort") {
      this.#abort.abort(ABORTED);
      this.#abort = new AbortController();
    } else this.outcomes.push(outcomeOf(this.#call(step, this.#abort.signal)));
  }

  /** The outcome that comes next, or a while in which none did. */
  async #anyOutcome(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, 50)));
    await Promise.race([patience, ...this.outcomes]);
    clearTimeout(timer);
  }

  async #call(
    step: Exclude<Step, "abort" | "nextTick" | "waitForOne">,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { codex } = this;
    switch (step) {
      case "start":
        return codex.start();
      case "startThread":
        return (await codex.startThread()).id;
      case "run":
        return (await codex.startThread()).run("go", { signal, whenBusy: "queue" });
      case "stream": {
        const handle = await (await codex.startThread()).turn("go", { signal });
        for await (const { method } of handle.stream()) if (method === "turn/completed") break;
        return handle.id;
      }
      case "interrupt":
        return (await (await codex.startThread()).turn("go", { signal })).interrupt();
      case "request":
        return codex.client.request("never/answered", {}, { signal });
      case "notify":
        return codex.client.notify("some/news");
      case "notifications":
        return codex.notifications({ signal }).next();
      case "close":
        return codex.close();
    }
  }
}

/** The runtimes that were started, and those that were alive when another one was. */
function watchStarts() {
  const pids: number[] = [];
  const aliveAtStart: number[] = [];
  const { spawn } = ChildProcess;
  vi.spyOn(ChildProcess, "spawn").mockImplementation(async (command) => {
    aliveAtStart.push(...pids.filter(isAlive));
    const child = await spawn(command);
    if (child.pid !== undefined) pids.push(child.pid);
    return child;
  });
  return { pids, aliveAtStart };
}

/** Returns the outcome of a promise in a word. */
function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "value",
    (error: unknown) => {
      if (error === ABORTED) return "the abort's reason";
      return error instanceof CodexError ? "typed error" : `untyped: ${String(error)}`;
    },
  );
}

/** The outcomes that there are in time. */
async function settled(outcomes: readonly Promise<string>[]): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("hangs"), HANG_MS);
  });
  const all = await Promise.all(outcomes.map((outcome) => Promise.race([outcome, hang])));
  clearTimeout(timer);
  return all;
}

const ALLOWED = new Set(["value", "the abort's reason", "typed error"]);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("starting, closing and aborting, in every order", () => {
  it(
    "never make two runtimes, a hang or an untyped error, and leave no process",
    { timeout: PROPERTY_TIMEOUT_MS },
    async () => {
      const { pids, aliveAtStart } = watchStarts();
      const kindsOfOutcome = new Set<string>();
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.keys(STARTS)),
          fc.constantFrom(...Object.keys(TURNS)),
          fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 14 }),
          async (start, turns, steps) => {
            const script = STARTS[start] ?? {};
            const on = { "thread/start": answersThread, "turn/start": TURNS[turns] ?? [] };
            await using server = await FakeAppServer.create({
              ...script,
              on: {
                ...on,
                "turn/interrupt": [
                  { answer: {} },
                  ...sends(turnCompleted("turn-1", "thread-1", "interrupted")),
                ],
                ...script.on,
              },
            });
            await using codex = new Codex({ launchArgs: server.launchArgs, closeTimeoutMs: 1000 });
            const caller = new Caller(codex);
            for (const step of steps) {
              // Whether a step waits for the ones before it is a step of its own.
              // oxlint-disable-next-line no-await-in-loop
              await caller.take(step);
            }
            const [closing, ...outcomes] = await settled([
              outcomeOf(codex.close()),
              ...caller.outcomes,
            ]);

            expect(closing).toBe("value");
            expect(pids.filter(isAlive)).toEqual([]);
            expect(outcomes.filter((outcome) => !ALLOWED.has(outcome))).toEqual([]);
            expect(aliveAtStart).toEqual([]);
            const startsAtMost = start === "well" || start === "late" ? 1 : Infinity;
            expect(server.starts.length).toBeLessThanOrEqual(startsAtMost);
            for (const outcome of outcomes) kindsOfOutcome.add(outcome);
          },
        ),
        propertyRuns(100),
      );
      // The cases went where the property is of interest.
      expect(kindsOfOutcome).toEqual(ALLOWED);
    },
  );
});
