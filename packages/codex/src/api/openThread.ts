import type { Thread as StoredThread } from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { CodexProtocolError } from "../errors.js";
import { raceAbort } from "../internal/abort.js";
import { isObject } from "../internal/isObject.js";
import type { CallerState, RequestOptions } from "../rpc/requestOptions.js";
import { withThreadErrors } from "./threadRequest.js";

/** A request whose response brings a thread. */
export type ThreadRequest = "thread/start" | "thread/resume" | "thread/fork" | "thread/unarchive";

/** A thread as its response has it. */
export interface OpenedThread {
  readonly stored: StoredThread;
  /** The whole response, with the settings beside the thread. */
  readonly response: Readonly<Record<string, unknown>>;
}

/**
 * Sends a request that brings a thread. In the tick in which the response is read, `onOpened` puts handlers
 * and settings in force: the next message may be a request of the app-server. That holds for a caller
 * that has left, too: the connection receives the thread's notifications all the same. The active turn is
 * named before this resolves.
 */
export async function openThread(
  runtime: RuntimeClient,
  method: ThreadRequest,
  params: unknown,
  options: RequestOptions,
  onOpened: (opened: OpenedThread, caller: CallerState) => void,
): Promise<OpenedThread> {
  let opened: OpenedThread | undefined;
  const onResult = (response: unknown, caller: CallerState) => {
    opened = readThread(method, response);
    onOpened(opened, caller);
  };
  await withThreadErrors(runtime, params, options, () =>
    runtime.dispatch(method, params, { ...options, onResult }),
  );
  // `dispatch` resolves only after `onResult` has returned.
  if (opened === undefined) throw new CodexProtocolError(`${method} did not bring a thread`);
  await raceAbort(runtime.threadStates.activeTurns.named(opened.stored.id), options.signal);
  return opened;
}

function readThread(method: string, response: unknown): OpenedThread {
  const thread = isObject(response) ? response["thread"] : undefined;
  if (!isObject(response) || !isObject(thread) || typeof thread["id"] !== "string") {
    throw new CodexProtocolError(`the response to ${method} does not name a thread`);
  }
  // SAFETY: the id is checked; the other members are read with checks, or passed on.
  return { stored: thread as unknown as StoredThread, response };
}
