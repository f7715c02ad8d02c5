import { expectTypeOf } from "vitest";

import {
  type Codex,
  type CodexOptions,
  type ForkThreadOptions,
  type ResumeThreadOptions,
  retryOnOverload,
  type RunInput,
  Sandbox,
  type StartThreadOptions,
  type Thread,
  type TurnHandle,
  type TurnOptions,
  type TurnResult,
} from "../../src/index.js";
import type { ServerNotification } from "../../src/types.js";

declare const codex: Codex;
declare const thread: Thread;

expectTypeOf(codex.startThread).parameter(0).toEqualTypeOf<StartThreadOptions | undefined>();
expectTypeOf(codex.resumeThread).parameters.toEqualTypeOf<
  [string, (ResumeThreadOptions | undefined)?]
>();
expectTypeOf(codex.forkThread).parameters.toEqualTypeOf<
  [string, (ForkThreadOptions | undefined)?]
>();
expectTypeOf(thread.run("hi")).resolves.toEqualTypeOf<TurnResult>();
expectTypeOf(thread.turn("hi")).resolves.toEqualTypeOf<TurnHandle>();
expectTypeOf<TurnHandle["stream"]>().returns.toExtend<AsyncIterable<ServerNotification>>();
expectTypeOf<TurnResult["output"]>().toEqualTypeOf<undefined>();
expectTypeOf(retryOnOverload(() => 5)).resolves.toEqualTypeOf<number>();

// Strings, items and lists of items are inputs.
expectTypeOf<"text">().toExtend<RunInput>();
expectTypeOf<{ type: "skill"; name: string; path: string }>().toExtend<RunInput>();
expectTypeOf<{ type: "audio"; url: string }>().not.toExtend<RunInput>();

// Each option is there only where the wire method takes it, and may be given as undefined.
expectTypeOf<StartThreadOptions>().toHaveProperty("ephemeral");
expectTypeOf<ResumeThreadOptions>().not.toHaveProperty("ephemeral");
expectTypeOf<ForkThreadOptions>().not.toHaveProperty("personality");
expectTypeOf<{ model: undefined }>().toExtend<StartThreadOptions>();
expectTypeOf<{ sandbox: "read-only" }>().toExtend<TurnOptions>();
expectTypeOf(Sandbox.fullAccess).toEqualTypeOf<"danger-full-access">();
expectTypeOf<{ env: { A: undefined } }>().toExtend<CodexOptions>();

// The raw routing fields do not exist.
for (const options of [{} as StartThreadOptions, {} as ResumeThreadOptions, {} as TurnOptions]) {
  // @ts-expect-error raw
  void options.approvalPolicy;
  // @ts-expect-error raw
  void options.approvalsReviewer;
}
// @ts-expect-error raw
void ({} as TurnOptions).sandboxPolicy;
// @ts-expect-error raw
void ({} as StartThreadOptions).dynamicTools;

// @ts-expect-error an approval policy that the protocol no longer knows
void codex.startThread({ approvalMode: "on-failure" });
// @ts-expect-error an option of threads on a turn
void thread.run("hi", { ephemeral: true });
// @ts-expect-error a number is no input
void thread.run(5);

// Handles come from the SDK only.
// @ts-expect-error a type, not a class
void Thread;
