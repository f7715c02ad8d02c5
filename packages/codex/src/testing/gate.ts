import { CodexError } from "../errors.js";

/**
 * A point in a script at which the model waits until the test opens it. Made by `ScriptedModel.gate()`,
 * used as a step of a response or as a part of a streamed message.
 */
export class Gate {
  readonly kind = "gate";
  /**
   * Resolves when a response has come to this gate: what stands before it in the script has been sent.
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
    // A test that never waits for `reached` must not die of its rejection.
    this.reached.catch(() => {});
    this.#opened = new Promise<void>((resolve) => {
      this.#resolveOpened = resolve;
    });
  }

  /** Whether `open()` was called. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Lets the response go on. Opening it before it is reached means that nothing waits there. */
  open(): void {
    this.#isOpen = true;
    this.#resolveOpened();
  }

  /** Called by the response that comes to this gate; resolves when the gate is open. */
  pass(): Promise<void> {
    this.#resolveReached();
    return this.#opened;
  }

  /** Called by the model as it closes: nothing comes to this gate any more. */
  abandon(): void {
    this.#rejectReached(
      new CodexError(
        "CLOSED",
        "The gate was never reached: the scripted model was closed first. Close it after the turn.",
      ),
    );
  }
}
