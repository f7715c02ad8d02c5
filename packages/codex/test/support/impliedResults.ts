import type { WireMessage } from "./fakeAppServer.js";
import type { Act, Recording, RuntimeLine } from "./recordings.js";

/** Returns the results that the messages of an act imply, worked out from them only. */
export interface Implied {
  /** The notifications of the act's own turn, goal or login, in order. */
  readonly own: readonly WireMessage[];
  /** All other notifications, in order. */
  readonly others: readonly WireMessage[];
  /** Members of the `TurnResult`; `undefined` for a login. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
}

/** Members of a notification that this file looks at. Nothing about them is guaranteed. */
interface Params {
  readonly threadId?: string;
  readonly turnId?: string;
  readonly loginId?: string | null;
  readonly item?: { readonly type: string; readonly text?: string; readonly phase?: string | null };
  readonly turn?: {
    readonly id: string;
    readonly rootTurnId?: string;
    readonly status: string;
    readonly completedAt?: number | null;
  };
  readonly tokenUsage?: { readonly total: Tokens; readonly last: Tokens };
}

type Tokens = Readonly<Record<string, number>>;

/** The notifications among lines, in order. */
export function notificationsOf(lines: readonly RuntimeLine[]): WireMessage[] {
  return lines.flatMap((line) =>
    line.kind === "message" && line.message.id === undefined ? [line.message] : [],
  );
}

export function impliedBy(act: Act, recording: Recording): Implied {
  const all = notificationsOf(act.lines);
  if (act.method === "account/login/start") return impliedByLogin(act, all);
  const isGoal = act.method === "thread/goal/set";
  const threadId = paramsOf({ params: act.params }).threadId;
  const firstId = firstTurnId(act, all, threadId);
  const own: WireMessage[] = [];
  const others: WireMessage[] = [];
  let hasEnded = false;
  for (const message of all) {
    const { turnId, turn, threadId: ofThread } = paramsOf(message);
    const id = turnId ?? turn?.id;
    const isOfTurn = id === firstId || (id !== undefined && turn?.rootTurnId === firstId);
    const isOwn = ofThread === threadId && (isGoal ? isGoalTurn(message, id) : isOfTurn);
    if (!isOwn || hasEnded) others.push(message);
    else own.push(message);
    // A goal has several turns; nothing follows the last one of a recording.
    if (isOwn && message.method === "turn/completed") hasEnded = !isGoal;
  }
  const result = resultOf(own, firstId);
  const { turnUsage = result["turnUsage"] } = recording;
  return { own, others, result: { ...result, turnUsage } };
}

/** The own notifications as a goal's handle shows them: as those of one turn. */
export function asOneTurn(own: readonly WireMessage[]): WireMessage[] {
  const id = paramsOf(own.find(({ method }) => method === "turn/started")).turn?.id;
  const starts = own.filter(({ method }) => method === "turn/started");
  const ends = own.filter(({ method }) => method === "turn/completed");
  return own
    .filter((message) => !starts.slice(1).includes(message) && !ends.slice(0, -1).includes(message))
    .map((message) => {
      const params = Object(message.params);
      return params.turnId === undefined
        ? message
        : { ...message, params: { ...params, turnId: id } };
    });
}

function impliedByLogin(act: Act, all: readonly WireMessage[]): Implied {
  const response = act.lines.find(({ kind }) => kind === "response");
  const { loginId } =
    response?.kind === "response"
      ? (Object(response.message.result) as { loginId?: string })
      : { loginId: undefined };
  const isOwn = (message: WireMessage) =>
    loginId !== undefined &&
    message.method === "account/login/completed" &&
    paramsOf(message).loginId === loginId;
  return {
    own: all.filter(isOwn),
    others: all.filter((message) => !isOwn(message)),
    result: undefined,
  };
}

/** The turn of the response; where that has none, the thread's first turn. */
function firstTurnId(
  act: Act,
  all: readonly WireMessage[],
  threadId: string | undefined,
): string | undefined {
  for (const line of act.lines) {
    if (line.kind !== "response") continue;
    const { turn } = Object(line.message.result) as Params;
    if (turn !== undefined) return turn.id;
  }
  const started = all.find(
    (message) => message.method === "turn/started" && paramsOf(message).threadId === threadId,
  );
  return paramsOf(started).turn?.id;
}

function isGoalTurn({ method }: WireMessage, turnId: string | undefined): boolean {
  return turnId !== undefined && method?.startsWith("thread/goal/") !== true;
}

function resultOf(
  own: readonly WireMessage[],
  id: string | undefined,
): Readonly<Record<string, unknown>> {
  const items = own
    .filter(({ method }) => method === "item/completed")
    .flatMap((message) => paramsOf(message).item ?? []);
  const messages = items.filter(({ type }) => type === "agentMessage");
  const final =
    messages.findLast(({ phase }) => phase === "final_answer") ??
    messages.findLast(({ phase }) => phase === null || phase === undefined);
  const usages = own.flatMap((message) =>
    message.method === "thread/tokenUsage/updated" ? (paramsOf(message).tokenUsage ?? []) : [],
  );
  const end = paramsOf(own.findLast(({ method }) => method === "turn/completed")).turn;
  return {
    id,
    status: end?.status,
    completedAt: end?.completedAt ?? null,
    items,
    finalResponse: final?.text ?? null,
    usage: usages.at(-1) ?? null,
    turnUsage: usageOfTurn(own),
  };
}

/** The sum of the model calls of the turn: an update with an unchanged total repeats an earlier call. */
function usageOfTurn(own: readonly WireMessage[]): Tokens | null {
  // A turn that begins with a compaction first repeats the last call of the turn before.
  const beginsWithCompaction =
    paramsOf(own.find(({ method }) => method === "item/started")).item?.type ===
    "contextCompaction";
  let totalBefore: number | undefined;
  const sum: Record<string, number> = {};
  for (const message of own) {
    const { tokenUsage } = paramsOf(message);
    if (message.method !== "thread/tokenUsage/updated" || tokenUsage === undefined) continue;
    const { total, last } = tokenUsage;
    const isRepeat =
      totalBefore === undefined ? beginsWithCompaction : total["totalTokens"] === totalBefore;
    totalBefore = total["totalTokens"];
    if (isRepeat) continue;
    for (const name of Object.keys({ cacheWriteInputTokens: 0, ...last })) {
      sum[name] = (sum[name] ?? 0) + (last[name] ?? 0);
    }
  }
  return totalBefore === undefined ? null : sum;
}

function paramsOf(message: { readonly params?: unknown } | undefined): Params {
  // SAFETY: `Object` makes an object of anything, and every member of `Params` is optional.
  return Object(message?.params) as Params;
}
