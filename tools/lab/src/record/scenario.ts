import type { Harness, HarnessOptions } from "@openai/codex/testing";

/** A fixed course of events between the SDK, the real runtime and a scripted model. */
export interface Scenario {
  /** The name of its transcript's file. */
  readonly name: string;
  readonly options?: HarnessOptions;
  /** Waits for each step before the next, so that the client always says the same in the same order. */
  run(harness: Harness): Promise<void>;
}
