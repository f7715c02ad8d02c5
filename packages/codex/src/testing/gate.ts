import { CodexError } from "../errors.js";

/**
 * A point in a script at which the model waits until the test opens it. Made by `ScriptedModel.gate()`,
 * and used as a step of a response or as a part of a streamed message.
 */
export class Gate {
  readonly kind = "gate";
  /**
   * Resolves when a response has reached this gate, after everything before it in the script was sent.
   * Rejects with a `CodexError` (`CLOSED`) when the model closes before that.
   */
  readonly reached: Promise<void>;
  readonly #opened: Promise<void>;
  #resolveReached: () => void = () => {};
  #rejectReached: (reason: unknown) => void = () => {};
  #resolveOpened: () => void = () => {};
  #isOpen = false;

  constructor() {
    this.reached = new Promise<void>((resolve, reject) => {
      this.#resolveReached = resolve;
      this.#rejectReached = reject;
    });
    // A test that never waits for `reached` must not fail with an unhandled rejection.
    this.reached.catch(() => {});
    this.#opened = new Promise<void>((resolve) => {
      this.#resolveOpened = resolve;
    });
  }

  /** True once `open()` was called. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Lets the response continue. A gate that is opened before it is reached does not pause anything. */
  open(): void {
    this.#isOpen = true;
    this.#resolveOpened();
  }

  /** Marks the gate as reached. Resolves when it is open. Called by the response that plays it. */
  pass(): Promise<void> {
    this.#resolveReached();
    return this.#opened;
  }

  /** Rejects `reached`, unless the gate was reached. Called by the model as it closes. */
  abandon(): void {
    this.#rejectReached(
      new CodexError(
        "CLOSED",
        "The gate was never reached: the scripted model was closed first. Close it after the turn.",
      ),
    );
  }
}
