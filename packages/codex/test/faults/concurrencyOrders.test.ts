import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { LinkedRuntime, type Send } from "../support/linkedRuntime.js";
import { PROPERTY_TIMEOUT_MS, propertyRuns } from "../support/propertyRuns.js";
import { readAll } from "../support/turnEvents.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  itemStarted,
  turn,
  turnCompleted,
  turnStarted,
  usageUpdated,
} from "../support/wire.js";

const TURNS = 500;

type Step =
  | "answer"
  | "started"
  | "delta"
  | "itemStarted"
  | "itemCompleted"
  | "usage"
  | "completed";

/** The steps of one turn in any order, any of them more than once, with its answer and its end among them. */
const script = fc
  .tuple(
    fc.array(fc.constantFrom<Step>("started", "delta", "itemStarted", "itemCompleted", "usage"), {
      maxLength: 8,
    }),
    fc.nat(8),
    fc.nat(8),
    fc.boolean(),
  )
  .map(([steps, answerAt, completedAt, isAnsweredTwice]): readonly Step[] => {
    const whole = steps.toSpliced(answerAt, 0, "answer").toSpliced(completedAt, 0, "completed");
    return isAnsweredTwice ? [...whole, "answer", "completed"] : whole;
  });

/** One turn as the runtime plays it: what of it has gone out, and which step is next. */
class PlayedTurn {
  readonly turnId: string;
  readonly threadId: string;
  /** Events that its handle has to receive: all up to its first end. */
  readonly events: unknown[] = [];
  requestId: unknown;
  readonly #steps: readonly Step[];
  #next = 0;
  #isOver = false;

  constructor(number: number, steps: readonly Step[]) {
    this.turnId = `turn ${number}`;
    this.threadId = `thread ${number}`;
    this.#steps = steps;
  }

  get isFinished(): boolean {
    return this.#next === this.#steps.length;
  }

  /** The message of the next step. */
  advance(): unknown {
    const number = this.#next;
    const step = this.#steps[number];
    this.#next += 1;
    if (step === undefined || step === "answer") {
      return { id: this.requestId, result: { turn: turn(this.turnId, "inProgress") } };
    }
    const message = this.#toMessage(step, `${this.turnId} text ${number}`, number);
    if (!this.#isOver) this.events.push(message);
    if (step === "completed") this.#isOver = true;
    return message;
  }

  #toMessage(step: Exclude<Step, "answer">, text: string, number: number): unknown {
    const { turnId, threadId } = this;
    switch (step) {
      case "started":
        return turnStarted(turnId, threadId);
      case "delta":
        return delta(text, turnId, threadId);
      case "itemStarted":
        return itemStarted(agentMessage(""), turnId, threadId);
      case "itemCompleted":
        return itemCompleted(agentMessage(text), turnId, threadId);
      case "usage":
        return usageUpdated(number, turnId, threadId);
      case "completed":
        return turnCompleted(turnId, threadId);
    }
  }
}

/** Plays all turns to their ends, the next step always that of the turn which the order names. */
function playAll(turns: readonly PlayedTurn[], order: Iterator<number>, send: Send): void {
  let open = [...turns];
  const messages: unknown[] = [];
  while (open.length > 0) {
    const played = open[Number(order.next().value) % open.length];
    messages.push(played?.advance());
    if (played?.isFinished === true) open = open.filter((other) => other !== played);
  }
  send(...messages);
}

describe("500 turns at once", () => {
  it(
    "each have their own events alone, in the order of the wire, however those of all are mixed, repeated and swapped",
    { timeout: PROPERTY_TIMEOUT_MS },
    async () => {
      using runtime = new LinkedRuntime();
      await using codex = new Codex({ ...runtime.options, maxInFlightRequests: TURNS });
      let started = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(script, { minLength: TURNS, maxLength: TURNS }),
          fc.infiniteStream(fc.nat()),
          async (scripts, order) => {
            const turns = scripts.map((steps) => new PlayedTurn((started += 1), steps));
            const unclaimed = [...turns];
            let asked = 0;
            runtime.play = ({ id, method, params }, send) => {
              if (method === "thread/start") {
                send({ id, result: { thread: { id: unclaimed.shift()?.threadId, turns: [] } } });
                return;
              }
              const { threadId } = Object(params);
              const played = turns.find((candidate) => candidate.threadId === threadId);
              if (played !== undefined) played.requestId = id;
              asked += 1;
              if (asked === TURNS) playAll(turns, order, send);
            };
            const threads = await Promise.all(turns.map(() => codex.startThread()));
            const handles = await Promise.all(threads.map((thread) => thread.turn("go")));
            const seen = await Promise.all(handles.map((handle) => readAll(handle.stream())));

            const ids = handles.map(({ id, threadId }) => ({ turnId: id, threadId }));
            expect(ids).toEqual(turns.map(({ turnId, threadId }) => ({ turnId, threadId })));
            expect(seen).toEqual(turns.map(({ events }) => events));
          },
        ),
        propertyRuns(20),
      );
    },
  );
});
