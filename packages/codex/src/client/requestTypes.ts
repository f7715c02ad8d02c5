import type { ClientMethod, ParamsOf, ResultOf } from "@openai/codex-types";

/** The params of a call: left out where the method has none. */
export type RequestParams<M extends string> = M extends ClientMethod
  ? undefined extends ParamsOf<M>
    ? [params?: ParamsOf<M>]
    : [params: ParamsOf<M>]
  : [params?: unknown];

/** The result of a call; `unknown` for a method that is not in the pinned protocol. */
export type RequestResult<M extends string> = M extends ClientMethod ? ResultOf<M> : unknown;

/** A method of the pinned protocol, or any other that a newer runtime may have. */
export type OpenMethod<Known extends string> = Known | (string & {});
