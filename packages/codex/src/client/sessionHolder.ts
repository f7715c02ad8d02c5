import { CodexClosedError, CodexNotStartedError } from "../errors.js";
import type { Session } from "./session.js";

type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "starting";
      readonly started: Promise<Session>;
      readonly abort: AbortController;
    }
  | { readonly kind: "ready"; readonly session: Session }
  | { readonly kind: "closed"; readonly closing: Promise<void> };

/** Steps of a session's life that its owner performs. */
export interface SessionSteps {
  open(signal: AbortSignal): Promise<Session>;
  /** Called in the tick in which the session becomes ready. */
  onReady(session: Session): void;
  onStartFailed(error: unknown): void;
  /** Called when the client is closed without a session that would report its end. */
  onClosedEarly(reason: CodexClosedError): void;
}

/**
 * Holds the one session of a client: opened on first use, shared by concurrent callers, opened again
 * after a start that failed, and closed once.
 */
export class SessionHolder {
  readonly #steps: SessionSteps;
  #state: State = { kind: "idle" };

  constructor(steps: SessionSteps) {
    this.#steps = steps;
  }

  /** The open session; `undefined` before the start and after `close()`. */
  get current(): Session | undefined {
    return this.#state.kind === "ready" ? this.#state.session : undefined;
  }

  /** Returns the open session. Throws a `CodexNotStartedError`, naming `what`, before the start. */
  require(what: string): Session {
    if (this.#state.kind !== "ready") throw new CodexNotStartedError(what);
    return this.#state.session;
  }

  /** Returns the session, which is opened now if there is none. */
  get(): Promise<Session> {
    switch (this.#state.kind) {
      case "ready":
        return Promise.resolve(this.#state.session);
      case "starting":
        return this.#state.started;
      case "closed":
        return Promise.reject(new CodexClosedError("Codex client"));
      case "idle": {
        const abort = new AbortController();
        const started = this.#start(abort.signal);
        this.#state = { kind: "starting", started, abort };
        return started;
      }
    }
  }

  /** Ends the session, also one that is being opened. Idempotent. */
  close(): Promise<void> {
    if (this.#state.kind === "closed") return this.#state.closing;
    const before = this.#state;
    const closing = this.#end(before);
    this.#state = { kind: "closed", closing };
    return closing;
  }

  async #start(signal: AbortSignal): Promise<Session> {
    try {
      const session = await this.#steps.open(signal);
      if (signal.aborted) {
        // Closed between the end of the handshake and here: nobody else knows of this session.
        await session.connection.close();
        throw signal.reason;
      }
      this.#state = { kind: "ready", session };
      this.#steps.onReady(session);
      return session;
    } catch (error) {
      if (this.#state.kind === "starting") this.#state = { kind: "idle" };
      this.#steps.onStartFailed(error);
      throw error;
    }
  }

  async #end(before: State): Promise<void> {
    const reason = new CodexClosedError("Codex client");
    if (before.kind === "ready") await before.session.connection.close();
    else this.#steps.onClosedEarly(reason);
    if (before.kind === "starting") {
      before.abort.abort(reason);
      await before.started.catch(() => {});
    }
  }
}
