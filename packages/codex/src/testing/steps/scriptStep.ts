import type { ResponseStream } from "./responseStream.js";

/** Everything about one kind of script step. A new kind is one such record in `stepKinds.ts`. */
export interface StepKind<Step extends { readonly kind: string }> {
  readonly kind: Step["kind"];
  /** The function that makes a step of this kind. Checks its arguments. */
  readonly create: (...args: never[]) => Step;
  /**
   * Effect of the step on the response: `sends` something, is `silent`, `ends` it, or
   * `replaces` it, before anything was sent.
   */
  readonly effect: "sends" | "silent" | "ends" | "replaces";
  /**
   * Plays the step into a response.
   *
   * @internal
   */
  play(step: Step, stream: ResponseStream): void | Promise<void>;
}
