import type { Harness, HarnessOptions } from "@openai/codex/testing";

/** Fixed sequence of steps between the SDK, the real runtime and a scripted model. */
export interface Scenario {
  /** Name of the transcript's file. */
  readonly name: string;
  readonly options?: HarnessOptions;
  /** Plays the steps, one after the other, so that the client always sends the same messages in the same order. */
  run(harness: Harness): Promise<void>;
}
