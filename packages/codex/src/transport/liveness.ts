import { clearTimeout, setImmediate, setTimeout } from "../internal/timers.js";

/** A connection whose liveness is watched. */
export interface WatchedConnection {
  /** Number of bytes received so far. */
  bytesRead(): number;
  /** Asks the app-server for a sign of life. */
  ping(): void;
  /** Called once, when nothing has come for the whole time. */
  onSilent(): void;
}

/** Parts of the time; the first without a byte ends with a ping, the last with the end. */
const PARTS = 3;

/**
 * Watches that something is received at least every `livenessMs` milliseconds (and up to a third more),
 * asking for it by pings. Returns a function that ends the watch.
 *
 * Time in which the event loop was blocked does not count: a part of the time passes only when its timer
 * has fired, and what the system has received meanwhile is read before the last part is judged.
 */
export function watchLiveness(connection: WatchedConnection, livenessMs: number): () => void {
  let seen = connection.bytesRead();
  let silentParts = 0;
  let isEnded = false;
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    const next = setTimeout(check, Math.ceil(livenessMs / PARTS));
    // An idle connection does not keep the host process alive.
    next.unref();
    return next;
  }

  function check(): void {
    // Timers fire before the event loop reads: one round later, waiting bytes have been read.
    setImmediate(() => {
      if (isEnded) return;
      const bytes = connection.bytesRead();
      silentParts = bytes === seen ? silentParts + 1 : 0;
      seen = bytes;
      if (silentParts >= PARTS) {
        isEnded = true;
        connection.onSilent();
        return;
      }
      if (silentParts === 1) connection.ping();
      timer = schedule();
    });
  }

  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
