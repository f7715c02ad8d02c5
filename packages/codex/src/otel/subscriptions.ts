import { operationChannels, type OperationName } from "../tracing/channels.js";
import type { CodexTraces } from "../tracing/traces.js";

/** Listeners of the operations of one kind. */
export interface OperationListener<Trace> {
  readonly onStart?: (trace: Trace) => void;
  readonly onEnd: (trace: Trace) => void;
}

/** Calls the listener at the start and the end of each operation; returns a function that stops it. */
export function follow<Name extends OperationName>(
  name: Name,
  { onStart, onEnd }: OperationListener<CodexTraces[Name]>,
): () => void {
  const { start, asyncEnd } = operationChannels[name];
  // SAFETY: each channel has messages of the type of its name alone.
  const started = (message: unknown) => onStart?.(message as CodexTraces[Name]);
  // SAFETY: as above.
  const ended = (message: unknown) => onEnd(message as CodexTraces[Name]);
  if (onStart !== undefined) start.subscribe(started);
  asyncEnd.subscribe(ended);
  return () => {
    start.unsubscribe(started);
    asyncEnd.unsubscribe(ended);
  };
}
