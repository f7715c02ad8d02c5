import type { Thread as StoredThread } from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { CodexProtocolError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import { setImmediate } from "../internal/timers.js";
import type { CallerState, RequestOptions } from "../rpc/requestOptions.js";

/** A request whose response brings a thread. */
export type ThreadRequest = "thread/start" | "thread/resume" | "thread/fork" | "thread/unarchive";

/** A thread as its response has it. */
export interface OpenedThread {
  readonly stored: StoredThread;
  /** The whole response, with the settings beside the thread. */
  readonly response: Readonly<Record<string, unknown>>;
}

/**
 * Sends a request that brings a thread. In the tick in which the response is read, the thread's slot
 * is marked busy if its status is active, and `onOpened` puts handlers and settings in force: the next
 * message may be a request of the app-server, or the end of the turn. Both hold for a caller that has
 * left, too: the connection receives the thread's notifications all the same. The active turn is named
 * before this resolves.
 */
export async function openThread(
  runtime: RuntimeClient,
  method: ThreadRequest,
  params: unknown,
  options: RequestOptions,
  onOpened: (opened: OpenedThread, caller: CallerState) => void,
): Promise<OpenedThread> {
  let opened: OpenedThread | undefined;
  await runtime.dispatch(method, params, {
    ...options,
    onResult: (response, caller) => {
      opened = readThread(method, response);
      noteStatus(runtime, opened.stored);
      onOpened(opened, caller);
      if (caller.hasLeft) void settleActiveTurn(runtime, opened.stored.id, {});
    },
  });
  // `dispatch` resolves only after `onResult` has returned.
  if (opened === undefined) throw new CodexProtocolError(`${method} did not bring a thread`);
  await settleActiveTurn(runtime, opened.stored.id, options);
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

/** The status decides: the history may have a turn as `inProgress` that a crash has ended. */
function noteStatus({ router }: RuntimeClient, stored: StoredThread): void {
  if (stored.status?.type !== "active") return;
  router.threads.noteActive(stored.id, lastRunningTurn(stored.turns));
}

function lastRunningTurn(turns: unknown): string | null {
  const list: readonly unknown[] = Array.isArray(turns) ? turns : [];
  for (const turn of list.toReversed()) {
    if (!isObject(turn) || turn["status"] !== "inProgress") continue;
    return typeof turn["id"] === "string" ? turn["id"] : null;
  }
  return null;
}

/**
 * Waits for what the app-server has sent behind the response, which may be the end of the active turn;
 * asks for the id of a turn that is still active and has none (`thread/turns/list`).
 */
async function settleActiveTurn(
  runtime: RuntimeClient,
  threadId: string,
  options: RequestOptions,
): Promise<void> {
  const { threads } = runtime.router;
  const before = threads.occupantOf(threadId);
  if (before === undefined || before.isOwn) return;
  await new Promise<void>((resolve) => setImmediate(resolve));
  const occupant = threads.occupantOf(threadId);
  if (occupant === undefined || occupant.isOwn || occupant.turnId !== null) return;
  const params = { threadId, limit: 1, sortDirection: "desc" };
  const onResult = (response: unknown) => {
    const turns = isObject(response) ? response["data"] : undefined;
    // The turn may have ended, or been named, while the request was in flight.
    if (threads.occupantOf(threadId) !== occupant || occupant.turnId !== null) return;
    const turnId = lastRunningTurn(turns);
    if (turnId !== null) threads.noteActive(threadId, turnId);
    // After a review, the runtime reports its thread as active for good.
    else if (Array.isArray(turns)) threads.noteEnded(threadId, undefined);
  };
  // A runtime that does not list turns leaves the turn without a name until it sends one.
  await runtime.dispatch("thread/turns/list", params, { ...options, onResult }).catch(() => {});
  options.signal?.throwIfAborted();
}
