/** Calls `listener` once when `signal` aborts (at once if it already has); returns how to stop listening. */
export function onAbort(
  signal: AbortSignal | undefined,
  listener: (reason: unknown) => void,
): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener(signal.reason);
    return () => {};
  }
  const onEvent = () => listener(signal.reason);
  signal.addEventListener("abort", onEvent, { once: true });
  return () => signal.removeEventListener("abort", onEvent);
}

/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. The promise
 * itself is only forgotten, so its rejection after the abort is not an unhandled one. No listener stays.
 */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const stopListening = onAbort(signal, reject);
    promise.then(resolve, reject).finally(stopListening);
  });
}
