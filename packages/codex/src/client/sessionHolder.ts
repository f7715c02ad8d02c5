import { CodexClosedError, type CodexError, CodexNotStartedError } from "../errors.js";
import { toWaiterError } from "../rpc/closeReason.js";
import type { Session } from "./session.js";

type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "starting";
      readonly started: Promise<Session>;
      readonly abort: AbortController;
      /** The session that was lost, where this one takes its place. */
      readonly lost: Session | undefined;
    }
  | { readonly kind: "ready"; readonly session: Session }
  | { readonly kind: "lost"; readonly session: Session; readonly reason: CodexError }
  | { readonly kind: "closed"; readonly closing: Promise<void> };

/** Opens a session, until the signal aborts. */
export type OpenSession = (signal: AbortSignal) => Promise<Session>;

/** Steps of a session's life that its owner performs. */
export interface SessionSteps {
  readonly open: OpenSession;
  /** Called in the tick in which the first session becomes ready. */
  onReady(session: Session): void;
  onStartFailed(error: unknown): void;
  /** Called when the client is closed without a session that would report its end. */
  onClosedEarly(reason: CodexClosedError): void;
}

/**
 * Holds the one session of a client: opened on first use, shared by concurrent callers, opened again
 * after a start that failed or, where the client asks for it, after a connection that was lost, and closed once.
 */
export class SessionHolder {
  readonly #steps: SessionSteps;
  #state: State = { kind: "idle" };
  #isClosing = false;

  constructor(steps: SessionSteps) {
    this.#steps = steps;
  }

  /** True from the call of `close()` on. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** True while another session is opened in place of one that was lost. */
  get isReplacing(): boolean {
    return this.#state.kind === "starting" && this.#state.lost !== undefined;
  }

  /** The open session; `undefined` before the start, while it is replaced, and after `close()`. */
  get current(): Session | undefined {
    return this.#state.kind === "ready" ? this.#state.session : undefined;
  }

  /** Returns the open session, or the last one. Throws a `CodexNotStartedError`, naming `what`, before the start. */
  require(what: string): Session {
    const state = this.#state;
    const session =
      state.kind === "ready" || state.kind === "lost"
        ? state.session
        : state.kind === "starting"
          ? state.lost
          : undefined;
    if (session === undefined) throw new CodexNotStartedError(what);
    return session;
  }

  /** Returns the session, which is opened now if there is none. */
  get(): Promise<Session> {
    switch (this.#state.kind) {
      case "ready":
        return Promise.resolve(this.#state.session);
      case "starting":
        return this.#state.started;
      case "lost":
        return Promise.reject(toWaiterError(this.#state.reason, "Codex client"));
      case "closed":
        return Promise.reject(new CodexClosedError("Codex client"));
      case "idle": {
        const abort = new AbortController();
        const started = this.#start(abort.signal);
        this.#state = { kind: "starting", started, abort, lost: undefined };
        return started;
      }
    }
  }

  /**
   * Opens another session in place of one that was lost; calls of `get` wait for it. `onReady` is called
   * in the tick in which it is ready, `onLost` with the reason when none could be opened.
   */
  replace(
    lost: Session,
    open: OpenSession,
    onReady: (session: Session) => void,
    onLost: (reason: CodexError) => void,
  ): void {
    const abort = new AbortController();
    const started = open(abort.signal).then(
      (session) => {
        if (abort.signal.aborted) return refuseLate(session, abort.signal.reason);
        this.#state = { kind: "ready", session };
        onReady(session);
        return session;
      },
      (reason: CodexError) => {
        if (this.#state.kind === "starting") this.#state = { kind: "lost", session: lost, reason };
        onLost(reason);
        throw toWaiterError(reason, "Codex client");
      },
    );
    started.catch(() => {});
    this.#state = { kind: "starting", started, abort, lost };
  }

  /** Ends the session, also one that is being opened. Idempotent. */
  close(): Promise<void> {
    if (this.#state.kind === "closed") return this.#state.closing;
    this.#isClosing = true;
    const before = this.#state;
    const closing = this.#end(before);
    this.#state = { kind: "closed", closing };
    return closing;
  }

  async #start(signal: AbortSignal): Promise<Session> {
    try {
      const session = await this.#steps.open(signal);
      if (signal.aborted) return await refuseLate(session, signal.reason);
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
    else if (before.kind !== "lost") this.#steps.onClosedEarly(reason);
    if (before.kind === "starting") {
      before.abort.abort(reason);
      await before.started.catch(() => {});
    }
  }
}

/** Ends a session that was closed between the end of its handshake and now: nobody else knows of it. */
async function refuseLate({ connection }: Session, reason: unknown): Promise<never> {
  await connection.close();
  throw reason;
}
