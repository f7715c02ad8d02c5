import type { TurnError } from "@openai/codex-types";

import { CodexError } from "./codexError.js";
import type { InterruptedTurnFacts } from "./connectionErrors.js";

/**
 * The runtime has no connection to an environment: its executor has ended, or cannot be reached. A turn
 * that was running there has been interrupted.
 */
export class EnvironmentLostError extends CodexError {
  override name = "EnvironmentLostError";
  /** Id of the environment. */
  readonly environmentId: string;
  /** The turn that was running for the caller of this error; `null` if there was none. */
  readonly turn: InterruptedTurnFacts | null;

  /** `reason` is the runtime's own text, secrets masked; it may be empty. */
  constructor(environmentId: string, reason: string, turn: InterruptedTurnFacts | null = null) {
    super(
      "ENVIRONMENT_LOST",
      `the environment ${JSON.stringify(environmentId)} is not connected${reason === "" ? "" : ` (${reason})`}; start its executor again, add it under another id with codex.addEnvironment(), and pass environments with that id to the next turn.`,
    );
    this.environmentId = environmentId;
    this.turn = turn;
  }

  /** The turn's last `error` notification, secrets masked; `null` if there was none. */
  get lastError(): TurnError | null {
    return this.turn?.lastError ?? null;
  }
}
