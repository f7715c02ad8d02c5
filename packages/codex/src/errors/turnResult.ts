import type {
  ThreadItem,
  ThreadTokenUsage,
  TokenUsageBreakdown,
  TurnError,
} from "@openai/codex-types";

/** Members of every turn result. */
export interface TurnFacts {
  /** The turn's id. */
  readonly id: string;
  /** Start of the turn, in seconds since 1970. */
  readonly startedAt: number | null;
  /** End of the turn, in seconds since 1970. */
  readonly completedAt: number | null;
  /** Duration of the turn, in milliseconds. */
  readonly durationMs: number | null;
  /**
   * Text of the last agent message that is a final answer, else of the last one without a phase; `null`
   * if there is none, as after a turn in plan mode (see `plan`).
   */
  readonly finalResponse: string | null;
  /** Text of the last `plan` item, or `null`. */
  readonly plan: string | null;
  /** The completed items, in order. A command that the sandbox refused at once may have no item. */
  readonly items: readonly ThreadItem[];
  /** Token usage of the whole thread and of its last model call, as last reported. */
  readonly usage: ThreadTokenUsage | null;
  /** Token usage of this turn only. Cached input is a part of the input, not added to it. */
  readonly turnUsage: TokenUsageBreakdown | null;
}

/** Result of a turn that ran to its end. */
export interface CompletedTurn<Output = undefined> extends TurnFacts {
  /** Discriminator of the kinds of result. */
  readonly status: "completed";
  /** Always `null`. */
  readonly error: null;
  /** The final response, parsed and validated, when an output schema was given. */
  readonly output: Output;
}

/** Result of a turn that was interrupted. */
export interface InterruptedTurn extends TurnFacts {
  /** Discriminator of the kinds of result. */
  readonly status: "interrupted";
  /** The runtime's reason, where it has one. */
  readonly error: TurnError | null;
  /** Only a completed turn has an output. */
  readonly output?: undefined;
}

/** Result of a turn that failed; a `TurnFailedError` carries it. */
export interface FailedTurn extends TurnFacts {
  /** Discriminator of the kinds of result. */
  readonly status: "failed";
  /** The runtime's reason, secrets masked. */
  readonly error: TurnError | null;
  /** Only a completed turn has an output. */
  readonly output?: undefined;
}

/** Result of a turn, discriminated by `status`. */
export type TurnResult<Output = undefined> = CompletedTurn<Output> | InterruptedTurn;
