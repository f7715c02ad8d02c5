interface Hub {
  readonly listeners: Set<() => void>;
  readonly onEvent: () => void;
}

/** One listener a signal: Node warns of a leak when many calls share one signal and each adds its own. */
const hubs = new WeakMap<AbortSignal, Hub>();

function hubOf(signal: AbortSignal): Hub {
  const existing = hubs.get(signal);
  if (existing !== undefined) return existing;
  const listeners = new Set<() => void>();
  const onEvent = () => {
    const all = [...listeners];
    listeners.clear();
    for (const listener of all) listener();
  };
  const hub = { listeners, onEvent };
  hubs.set(signal, hub);
  return hub;
}

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
  const { listeners, onEvent } = hubOf(signal);
  const call = () => listener(signal.reason);
  if (listeners.size === 0) signal.addEventListener("abort", onEvent, { once: true });
  listeners.add(call);
  return () => {
    if (!listeners.delete(call) || listeners.size > 0) return;
    signal.removeEventListener("abort", onEvent);
  };
}

/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. The promise
 * itself is only forgotten, so its rejection after the abort is not an unhandled one. No listener stays.
 */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const stopListening = onAbort(signal, reject);
    promise.then(
      (value) => {
        stopListening();
        resolve(value);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}
