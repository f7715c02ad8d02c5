import { type CodexError, TransportClosedError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { pause, pauseAfter } from "../internal/backoff.js";
import { clearTimeout, setTimeout, type Timers } from "../internal/timers.js";
import type { Connection } from "../rpc/connection.js";
import type { ReconnectPolicy } from "./reconnectPolicy.js";
import type { Session } from "./session.js";
import type { OpenSession, SessionHolder } from "./sessionHolder.js";

/** Steps of a reconnection that the client performs. */
export interface ReconnectionSteps {
  readonly open: OpenSession;
  /** Called in the tick of the loss. */
  onLost(reason: CodexError): void;
  /** Brings back what the lost connection had. Rejects when this one is lost, too. */
  restore(session: Session): Promise<void>;
  /** Called in the tick in which the new session is ready. */
  onRestored(session: Session): void;
  /** Called when there is no further attempt. */
  onGivenUp(reason: CodexError): void;
}

/** Replaces the session of a client whenever its connection is lost, within the limits of the policy. */
export class Reconnection {
  readonly #policy: ReconnectPolicy;
  readonly #holder: SessionHolder;
  readonly #steps: ReconnectionSteps;
  #isInUse = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(policy: ReconnectPolicy, holder: SessionHolder, steps: ReconnectionSteps) {
    this.#policy = policy;
    this.#holder = holder;
    this.#steps = steps;
  }

  /** Returns whether another connection takes the place of this one, which has ended. */
  replaces({ closeReason }: Connection): boolean {
    const isStopped = this.#policy.signal?.aborted === true || this.#holder.isClosing;
    return !isStopped && closeReason instanceof TransportClosedError;
  }

  /** Keeps the host process alive between two attempts (`true`), or lets it end. */
  holdHost(isInUse: boolean): void {
    this.#isInUse = isInUse;
    if (isInUse) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Takes over after the end of a connection, where that is not the end of the client. */
  takesOver(reason: CodexError): boolean {
    if (this.#holder.isClosing) return false;
    const { current } = this.#holder;
    // Until a session is ready, whoever opens it sees its end.
    if (current === undefined) return true;
    if (!this.replaces(current.connection)) return false;
    this.#begin(current, reason);
    return true;
  }

  #begin(lost: Session, reason: CodexError): void {
    this.#steps.onLost(reason);
    this.#holder.replace(
      lost,
      (signal) => this.#open(reason, signal),
      (session) => {
        const { closeReason } = session.connection;
        if (closeReason === undefined) this.#steps.onRestored(session);
        // Lost again between the last response and this tick.
        else this.#begin(session, closeReason);
      },
      (error) => this.#steps.onGivenUp(error),
    );
  }

  async #open(reason: CodexError, closing: AbortSignal): Promise<Session> {
    const { attempts, signal } = this.#policy;
    const stop = new AbortController();
    const stopListening = [
      onAbort(closing, (cause) => stop.abort(cause)),
      onAbort(signal, (cause) =>
        stop.abort(toLostError(reason, "transport.reconnect.signal has ended the attempts", cause)),
      ),
    ];
    try {
      let failure: unknown = reason;
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        await pause(pauseAfter(attempt, this.#policy), stop.signal, this.#timers());
        try {
          // oxlint-disable-next-line no-await-in-loop -- as above
          return await this.#attempt(stop.signal);
        } catch (error) {
          if (stop.signal.aborted) throw stop.signal.reason;
          failure = error;
        }
      }
      const message = failure instanceof Error ? failure.message : String(failure);
      const facts = `it could not be restored in ${attempts} attempts (transport.reconnect.attempts), the last of which failed: ${message}`;
      throw toLostError(reason, facts, failure);
    } finally {
      for (const stopOne of stopListening) stopOne();
    }
  }

  async #attempt(signal: AbortSignal): Promise<Session> {
    const session = await this.#steps.open(signal);
    try {
      await this.#steps.restore(session);
      return session;
    } catch (error) {
      await session.connection.close();
      throw error;
    }
  }

  /** Timers that let the host end while nothing is in use. */
  #timers(): Timers {
    return {
      setTimeout: (callback, ms) => {
        this.#timer = setTimeout(callback, ms);
        this.holdHost(this.#isInUse);
        return this.#timer;
      },
      clearTimeout,
    };
  }
}

function toLostError(reason: CodexError, facts: string, cause: unknown): TransportClosedError {
  return new TransportClosedError(`${reason.message} The connection is lost for good: ${facts}`, {
    cause,
  });
}
