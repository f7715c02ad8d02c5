import type { RuntimeClient } from "../../client/runtimeClient.js";
import { TurnFailedError } from "../../errors.js";
import type { TurnEnd, TurnRoute } from "../../router/turnRoute.js";
import { beginOperation } from "../../tracing/operation.js";
import type { TurnTrace } from "../../tracing/traces.js";
import type { ThreadOpener } from "../threadOpener.js";
import { toTurnEndError } from "./turnFacts.js";
import { toTurnResult, turnUsageOf } from "./turnResult.js";

/** A request that starts a turn or a goal. */
interface TracedStart {
  readonly method: string;
  readonly params: { readonly threadId: string; readonly model?: string | null | undefined };
}

/**
 * Starts a turn that subscribers of `codex:turn` follow to its end, or until its start fails. `open` calls
 * `onRoute` in the tick in which the turn is known.
 */
export function traceTurn<Opened>(
  { runtime, settings }: ThreadOpener,
  { method, params }: TracedStart,
  open: (onRoute: (route: TurnRoute) => void) => Promise<Opened>,
): Promise<Opened> {
  const { threadId } = params;
  const operation = beginOperation("turn", () => {
    const { model, modelProvider } = settings.get(threadId) ?? {};
    return { method, threadId, model: params.model ?? model, modelProvider };
  });
  if (operation === undefined) return open(() => {});
  let isFollowed = false;
  const onRoute = (route: TurnRoute) => {
    isFollowed = true;
    operation.note({ threadId: route.threadId, turnId: route.id });
    route.onEnd((end) => operation.end(endFactsOf(runtime, route, end)));
  };
  const opened = operation.run(() => open(onRoute));
  opened.catch((error: unknown) => {
    if (!isFollowed) operation.end({ error });
  });
  return opened;
}

function endFactsOf(runtime: RuntimeClient, route: TurnRoute, end: TurnEnd): Partial<TurnTrace> {
  const { secrets } = runtime;
  const usage = turnUsageOf(route.fold) ?? undefined;
  if (end.kind !== "completed") return { usage, error: toTurnEndError(route, end, secrets) };
  try {
    return { usage, status: toTurnResult(route.id, end.turn, route.fold, secrets).status };
  } catch (error) {
    return { usage, error, ...(error instanceof TurnFailedError ? { status: "failed" } : {}) };
  }
}
