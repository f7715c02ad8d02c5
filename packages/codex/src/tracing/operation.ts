import type { TracingChannel } from "node:diagnostics_channel";

import { onAbort } from "../internal/abort.js";
import { queueMicrotask } from "../internal/timers.js";
import { operationChannels, type OperationName } from "./channels.js";
import type { CodexTraces, OperationTrace } from "./traces.js";

/**
 * An operation that subscribers follow: publishes its start, the end of its synchronous part, and its end,
 * each once, as `TracingChannel.tracePromise` does, but without the result, which may hold secrets.
 */
export class Operation<Trace extends OperationTrace> {
  /** The object that is published, to which facts are added. */
  readonly trace: Trace;
  readonly #channel: TracingChannel<unknown, Trace>;
  readonly #startedAt = performance.now();
  #isEnded = false;

  constructor(channel: TracingChannel<unknown, Trace>, trace: Trace) {
    this.#channel = channel;
    this.trace = trace;
  }

  /** Publishes the start and runs the synchronous part, in the contexts of the subscribers. */
  run<T>(body: () => T): T {
    const { start, end } = this.#channel;
    return start.runStores(this.trace, () => {
      try {
        return runAround(this.trace.around, body);
      } finally {
        end.publish(this.trace);
      }
    });
  }

  /** Adds facts to the trace. */
  note(facts: Partial<Trace>): void {
    Object.assign(this.trace, facts);
  }

  /** Publishes the end, with an error if there is one. Does nothing once the operation has ended. */
  end(facts: Partial<Trace>): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    Object.assign(this.trace, facts, { durationMs: performance.now() - this.#startedAt });
    const { error, asyncStart, asyncEnd } = this.#channel;
    if (this.trace.error !== undefined) error.publish(this.trace);
    asyncStart.publish(this.trace);
    asyncEnd.publish(this.trace);
  }
}

/** Returns a new operation; `undefined` when nobody follows operations of its kind. */
export function beginOperation<Name extends OperationName>(
  name: Name,
  toTrace: () => CodexTraces[Name],
): Operation<CodexTraces[Name]> | undefined {
  // SAFETY: each channel has the type of its own name.
  const channel = operationChannels[name] as unknown as TracingChannel<unknown, CodexTraces[Name]>;
  return channel.hasSubscribers ? new Operation(channel, toTrace()) : undefined;
}

/** Ways to describe the end of an operation. */
export interface OperationEnd<Trace, Result> {
  /** Makes the facts that the result determines. */
  readonly toFacts?: ((result: Result) => Partial<Trace>) | undefined;
  /** Aborting ends the operation for its subscribers, although it may continue. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs an operation that ends when its promise settles. Returns the promise of `body` itself. */
export function traceOperation<Name extends OperationName, Result>(
  name: Name,
  toTrace: () => CodexTraces[Name],
  body: (trace: CodexTraces[Name] | undefined) => Promise<Result>,
  { toFacts, signal }: OperationEnd<CodexTraces[Name], Result> = {},
): Promise<Result> {
  const operation = beginOperation(name, toTrace);
  if (operation === undefined) return body(undefined);
  const fail = (error: unknown) => {
    // SAFETY: each trace of an operation has the member.
    operation.end({ error } as Partial<CodexTraces[Name]>);
  };
  const result = operation.run(() => body(operation.trace));
  const stopListening = onAbort(signal, fail);
  result.then(
    (value) => {
      stopListening();
      operation.end(toFacts?.(value) ?? {});
    },
    (error: unknown) => {
      stopListening();
      fail(error);
    },
  );
  return result;
}

/** A subscriber's context must not keep the operation from running. */
function runAround<T>(around: OperationTrace["around"], body: () => T): T {
  if (around === undefined) return body();
  let outcome: { readonly value: T } | { readonly thrown: unknown } | undefined;
  const runOnce = () => {
    try {
      outcome = { value: body() };
    } catch (error) {
      outcome = { thrown: error };
    }
  };
  try {
    around(() => {
      if (outcome === undefined) runOnce();
    });
  } catch (error) {
    // As for any subscriber that throws.
    queueMicrotask(() => {
      throw error;
    });
  }
  if (outcome === undefined) runOnce();
  // SAFETY: `runOnce` sets it, which the compiler does not see through the closure.
  const ended = outcome as unknown as { readonly value: T } | { readonly thrown: unknown };
  if ("thrown" in ended) throw ended.thrown;
  return ended.value;
}
