import type { TurnStartParams } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { InvalidOptionError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import type { TurnSlot } from "../../router/threadQueue.js";
import type { TurnReader, TurnRoute } from "../../router/turnRoute.js";
import { activeTurnIdIn, isNoActiveTurn, isOtherTurnActive } from "../../rpc/runtimeErrors.js";
import type { ThreadOpener } from "../threadOpener.js";
import { definedOnly } from "../wireOptions.js";
import { startTurn } from "./startTurn.js";
import { STEER_MEMBERS, type WhenBusy } from "./turnOptions.js";

/** A turn that was started or joined. */
export interface OpenedTurn {
  readonly route: TurnRoute;
  /** Queue of the events, opened in the tick in which the turn was claimed; `undefined` when not wanted. */
  readonly reader: TurnReader | undefined;
  readonly hasJoined: boolean;
}

export interface OpenTurnOptions {
  readonly whenBusy?: WhenBusy | undefined;
  readonly signal?: AbortSignal | undefined;
  /** True if the caller wants the events, or only the result. */
  readonly isRead: boolean;
  /** An option that a turn which runs already does not take; `undefined` without one. */
  readonly startOnly?: string | undefined;
  /**
   * Completes the params of a start, once the turns before it have ended: they may change settings.
   * Returns `undefined` when nothing is to be waited for: the start is sent in the tick of the call then.
   */
  readonly complete: (params: TurnStartParams) => Promise<TurnStartParams> | undefined;
}

/**
 * Starts a turn (`turn/start`) on a thread that is free for it. On a busy thread the app-server treats
 * `turn/start` as a steer; the SDK requires `whenBusy: "steer"` for that.
 */
export async function openTurn<Opened>(
  opener: ThreadOpener,
  params: TurnStartParams,
  options: OpenTurnOptions,
  onOpened: (turn: OpenedTurn) => Opened,
): Promise<Opened> {
  const { runtime } = opener;
  const { threads } = runtime.router;
  const { whenBusy, signal, isRead } = options;
  const { threadId } = params;
  const onClaimed = (route: TurnRoute) =>
    onOpened({ route, reader: isRead ? route.openReader() : undefined, hasJoined: false });
  signal?.throwIfAborted();
  for (;;) {
    const occupant = threads.occupantOf(threadId);
    // The events of a goal belong to its own handle: a handle that joined its turn would get none.
    if (whenBusy === "steer" && occupant !== undefined && !occupant.isGoal) {
      const joined = await joinActiveTurn(runtime, params, options, onOpened);
      if (joined !== undefined) return joined.opened;
      continue;
    }
    const slot =
      (opener.isSubscribed(threadId) ? threads.reserve(threadId) : undefined) ??
      (await opener.acquire(threadId, { isQueued: whenBusy === "queue", signal }));
    const completing = options.complete(params);
    const completed =
      completing === undefined ? params : await completeIn(slot, completing, signal);
    const start = { method: "turn/start", params: completed } as const;
    return startTurn(opener, start, slot, signal, onClaimed);
  }
}

/** Waits for the params of a start in its slot, and frees the slot when that fails. */
async function completeIn(
  slot: TurnSlot,
  completing: Promise<TurnStartParams>,
  signal: AbortSignal | undefined,
): Promise<TurnStartParams> {
  try {
    return await raceAbort(completing, signal);
  } catch (error) {
    slot.release();
    throw error;
  }
}

/** Adds the input to the active turn; `undefined` when that has ended meanwhile. */
async function joinActiveTurn<Opened>(
  runtime: RuntimeClient,
  { threadId, input, ...params }: TurnStartParams,
  { signal, isRead, startOnly }: OpenTurnOptions,
  onOpened: (turn: OpenedTurn) => Opened,
): Promise<{ readonly opened: Opened } | undefined> {
  const { router } = runtime;
  const turnId = await raceAbort(router.threads.activeTurnId(threadId), signal);
  if (turnId === undefined) return undefined;
  if (startOnly !== undefined) {
    throw new InvalidOptionError(
      startOnly,
      `cannot change the active turn ${turnId}, to which whenBusy "steer" adds the input; leave it out, or pass whenBusy "queue".`,
    );
  }
  // Followed from here on: the turn may end before the response to the steer is read.
  const isFollowed = router.isFollowed(turnId);
  const route = router.followRunningTurn(threadId, turnId);
  const reader = isRead ? route.openJoinedReader() : undefined;
  let joined: { readonly opened: Opened } | undefined;
  try {
    await runtime.dispatch(
      "turn/steer",
      { threadId, expectedTurnId: route.interruptId, input, ...steerMembersOf(params) },
      {
        signal,
        onResult: (_result, { hasLeft }) => {
          if (!hasLeft) joined = { opened: onOpened({ route, reader, hasJoined: true }) };
        },
      },
    );
    return joined;
  } catch (error) {
    void reader?.return();
    // A turn that only this call followed has no reader any longer, and may never end here.
    if (!isFollowed) route.cutOff("it was not joined");
    if (!isNoActiveTurn(error) && !isOtherTurnActive(error)) throw error;
    router.threads.noteEnded(threadId, turnId);
    const other = activeTurnIdIn(error);
    // A start would join that turn without notice.
    if (other !== undefined) router.threads.noteActive(threadId, other);
    return undefined;
  }
}

/** Returns the members of a start that `turn/steer` has, too. */
function steerMembersOf(params: Omit<TurnStartParams, "threadId" | "input">) {
  return definedOnly(Object.fromEntries(STEER_MEMBERS.map((name) => [name, params[name]])));
}
