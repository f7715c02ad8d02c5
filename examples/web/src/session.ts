import { randomUUID } from "node:crypto";

import type {
  ApprovalContext,
  ApprovalDecision,
  ApprovalRequest,
  Thread,
  TurnHandle,
} from "@openai/codex";

import { applyEvent, EMPTY_STATE, type PageState, withItem } from "./pageState.js";

/** Words with which a page can answer an approval request. */
export type Answer = "accept" | "decline";

/** One thread as the pages show it: its state, its running turn, and who is listening. */
export class Session {
  readonly thread: Thread;
  #state: PageState = EMPTY_STATE;
  #turn: TurnHandle | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #answers = new Map<string, (answer: Answer) => void>();

  private constructor(thread: Thread) {
    this.thread = thread;
  }

  /** Opens the session of a thread, with the items that are stored. */
  static async open(thread: Thread, isNew: boolean): Promise<Session> {
    const session = new Session(thread);
    if (!isNew) {
      for await (const { turnId, item } of thread.iterateItems({ sortDirection: "asc" })) {
        session.#state = withItem(session.#state, { key: `${turnId}/${item.id}`, item });
      }
    }
    return session;
  }

  get state(): PageState {
    return this.#state;
  }

  /** Calls `listener` after each change. Returns a function that removes it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts a turn, or adds the input to the running one. */
  async send(input: string): Promise<void> {
    if (this.#turn !== undefined) {
      await this.#turn.steer(input);
      return;
    }
    this.#update({ isRunning: true, problem: null, plan: [] });
    try {
      const turn = await this.thread.turn(input);
      this.#turn = turn;
      // The turn outlives the request that started it; its failure is a part of the state.
      void this.#follow(turn);
    } catch (error) {
      this.#update({ isRunning: false, problem: messageOf(error) });
    }
  }

  /** Interrupts the running turn. */
  async stop(): Promise<void> {
    await this.#turn?.interrupt();
  }

  /** Waits for the decision of a person on one of the pages. */
  ask(request: ApprovalRequest, { signal }: ApprovalContext): Promise<ApprovalDecision> {
    const id = randomUUID();
    return new Promise<Answer>((resolve) => {
      this.#answers.set(id, resolve);
      signal.addEventListener("abort", () => resolve("decline"), { once: true });
      this.#update({ approvals: [...this.#state.approvals, { id, request }] });
    }).finally(() => {
      this.#answers.delete(id);
      const approvals = this.#state.approvals.filter((approval) => approval.id !== id);
      this.#update({ approvals });
    });
  }

  /** Answers an open approval request. Returns whether there was one. */
  answer(id: string, answer: Answer): boolean {
    const resolve = this.#answers.get(id);
    resolve?.(answer);
    return resolve !== undefined;
  }

  async #follow(turn: TurnHandle): Promise<void> {
    try {
      for await (const event of turn.stream()) {
        this.#state = applyEvent(this.#state, event);
        this.#notify();
      }
      await turn.result;
      this.#end(null);
    } catch (error) {
      this.#end(messageOf(error));
    }
  }

  #end(problem: string | null): void {
    this.#turn = undefined;
    this.#update({ isRunning: false, problem });
  }

  #update(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
