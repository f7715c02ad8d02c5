import type { ClientMethod, ParamsOf, ResultOf } from "@openai/codex-types";

import { OWN_LIMIT } from "../client/ownRequests.js";
import type { RuntimeClient } from "../client/runtimeClient.js";
import { isObject } from "../internal/isObject.js";
import { threadIdOf } from "../router/routingKeys.js";
import type { RequestOptions } from "../rpc/requestOptions.js";
import { type JsonRpcError, ThreadNotFoundError, ThreadNotStoredError } from "../rpc/rpcErrors.js";
import { RUNTIME_WORDING } from "../rpc/runtimeWording.js";

/** The runtime's code for what it has not implemented for a thread that is not stored. */
const METHOD_NOT_FOUND = -32601;

/** The methods about one thread. */
type ThreadMethod = ClientMethod & `thread/${string}`;

/** Sends a request about a thread. The error of a refusal has the class that is true of the thread. */
export function threadRequest<M extends ThreadMethod>(
  runtime: RuntimeClient,
  method: M,
  params: ParamsOf<M>,
  options: RequestOptions,
): Promise<ResultOf<M>> {
  return withThreadErrors(runtime, params, options, async () => {
    // SAFETY: the map that types the call is generated from the protocol that types the response.
    return (await runtime.dispatch(method, params, options)) as ResultOf<M>;
  });
}

/**
 * Sends a request about a thread by `send`. The runtime uses the same wordings for a thread that does not
 * exist and for one that is not stored, so that a refusal is followed by a look at the thread
 * (`thread/read`).
 *
 * @throws ThreadNotFoundError or ThreadNotStoredError, whichever is true.
 */
export async function withThreadErrors<T>(
  runtime: RuntimeClient,
  params: unknown,
  options: RequestOptions,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw await toTrueError(runtime, threadIdOf(params), options, error);
  }
}

async function toTrueError(
  runtime: RuntimeClient,
  threadId: string | undefined,
  options: RequestOptions,
  error: unknown,
): Promise<unknown> {
  if (threadId === undefined || !isUnclear(error)) return error;
  const { method, rpcCode, rpcMessage: message, data } = error;
  const isKnown = await isLoaded(runtime, threadId, options);
  if (isKnown === undefined || isKnown === error instanceof ThreadNotStoredError) return error;
  const facts = { method, rpcCode, message, data };
  const trueError = isKnown ? new ThreadNotStoredError(facts) : new ThreadNotFoundError(facts);
  // The frames of the caller.
  const frames = error.stack?.slice(error.stack.indexOf("\n    at "));
  trueError.stack = `${trueError.name}: ${trueError.message}${frames ?? ""}`;
  return trueError;
}

function isUnclear(error: unknown): error is JsonRpcError {
  if (error instanceof ThreadNotFoundError) return RUNTIME_WORDING.noRollout.test(error.rpcMessage);
  return error instanceof ThreadNotStoredError && error.rpcCode === METHOD_NOT_FOUND;
}

/** Returns whether the runtime has a thread in memory; `undefined` when that cannot be found out. */
async function isLoaded(
  runtime: RuntimeClient,
  threadId: string,
  { signal }: RequestOptions,
): Promise<boolean | undefined> {
  try {
    const params = { threadId, includeTurns: false };
    const response = await runtime.dispatch("thread/read", params, { signal, ...OWN_LIMIT });
    const thread = isObject(response) && isObject(response["thread"]) ? response["thread"] : {};
    return isObject(thread["status"]) && thread["status"]["type"] !== "notLoaded";
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof ThreadNotFoundError ? false : undefined;
  }
}
