import { expectTypeOf } from "vitest";

import type {
  ClientRequestMap,
  InitializeParams,
  JsonValue,
  ParamsOf,
  SandboxPolicy,
  ThreadItem,
  ThreadTokenUsage,
  UserInput,
} from "../src/index.js";

// What the wire does not require need not be written.
expectTypeOf<{ type: "text"; text: string }>().toExtend<UserInput>();
expectTypeOf<{ type: "workspaceWrite" }>().toExtend<SandboxPolicy>();
expectTypeOf<{ type: "readOnly" }>().toExtend<SandboxPolicy>();
expectTypeOf<{ clientInfo: { name: string; version: string } }>().toExtend<InitializeParams>();
expectTypeOf<{ threadId: string; input: [{ type: "text"; text: string }] }>().toExtend<
  ParamsOf<"turn/start">
>();
expectTypeOf<{}>().toExtend<ParamsOf<"thread/start">>();
// But what it does require must be.
expectTypeOf<{ type: "text" }>().not.toExtend<UserInput>();
expectTypeOf<{ threadId: string }>().not.toExtend<ParamsOf<"turn/start">>();

/** The members of an object that may be null and must still be written. */
type NullableRequired<Params> = Params extends object
  ? {
      [K in keyof Params]-?: null extends Params[K]
        ? unknown extends Params[K]
          ? never
          : JsonValue extends Params[K] // any JSON value, null among them
            ? never
            : {} extends Pick<Params, K>
              ? never
              : K
        : never;
    }[keyof Params]
  : never;

type Offending = {
  [M in keyof ClientRequestMap]: [NullableRequired<ClientRequestMap[M]["params"]>] extends [never]
    ? never
    : M;
}[keyof ClientRequestMap];

// No params of a client may be null but not absent, but for one where null is an answer of its own.
expectTypeOf<Offending>().toEqualTypeOf<"thread/section/move">();
expectTypeOf<
  NullableRequired<{ a: string | null; b?: string | null; c: string }>
>().toEqualTypeOf<"a">();

// 64-bit integers are what JSON.parse gives.
expectTypeOf<ThreadTokenUsage["modelContextWindow"]>().toEqualTypeOf<number | null>();
expectTypeOf<Extract<ThreadItem, { type: "commandExecution" }>["durationMs"]>().toEqualTypeOf<
  number | null
>();
