import type { CodexErrorInfo, TurnError } from "@openai/codex-types";

import type { CodexErrorCode } from "./codexError.js";

/** Members of the causes that carry some, by kind; the others carry none. */
type Variants = Extract<CodexErrorInfo, object>;

/** Names of the variants of a union of one-member objects. */
type KeyOf<T> = T extends string
  ? never
  : T extends unknown
    ? string extends keyof T
      ? never
      : keyof T
    : never;

type MembersOf<Kind extends PropertyKey> = Extract<Variants, Record<Kind, unknown>>[Kind];

/** Cause of a failed turn: the wire's `codexErrorInfo`, discriminated by `kind`. */
export type TurnErrorInfo =
  | {
      [Kind in KeyOf<Variants>]: { readonly kind: Kind } & Readonly<MembersOf<Kind>>;
    }[KeyOf<Variants>]
  | { readonly kind: Extract<CodexErrorInfo, string> };

/** Codes of the causes that need different remedies. */
const CODES: ReadonlyMap<string, CodexErrorCode> = new Map([
  ["unauthorized", "UNAUTHORIZED"],
  ["usageLimitExceeded", "USAGE_LIMIT"],
  ["rateLimitExceeded", "RATE_LIMITED"],
  ["contextWindowExceeded", "CONTEXT_WINDOW_EXCEEDED"],
  ["serverOverloaded", "SERVER_OVERLOADED"],
  ["sessionBudgetExceeded", "BUDGET_EXCEEDED"],
]);

/** HTTP statuses of a model provider that mean the same as a cause of their own. */
const CODES_BY_STATUS: ReadonlyMap<unknown, CodexErrorCode> = new Map([
  [401, "UNAUTHORIZED"],
  [429, "RATE_LIMITED"],
  [503, "SERVER_OVERLOADED"],
]);

/** Remedies by the code of a failed turn. */
const REMEDIES: ReadonlyMap<CodexErrorCode, string> = new Map([
  [
    "UNAUTHORIZED",
    "log in with `npx codex login`, codex.loginApiKey() or codex.loginChatgpt(), or pass apiKey to new Codex()",
  ],
  ["USAGE_LIMIT", "wait until the limit resets (codex.rateLimits()), or use another plan"],
  ["RATE_LIMITED", "wait a little, then run the turn again"],
  ["SERVER_OVERLOADED", "run the turn again a little later"],
  ["CONTEXT_WINDOW_EXCEEDED", "call thread.compact(), or start a new thread"],
]);

const CHECK_NETWORK = "check the network, the proxy settings and baseUrl";

/** Remedies by cause, for those without a code of their own. */
const REMEDIES_OF_CAUSE: ReadonlyMap<string, string> = new Map([
  ["modelNotFound", "choose a model of codex.models()"],
  ["httpConnectionFailed", CHECK_NETWORK],
  ["responseStreamConnectionFailed", CHECK_NETWORK],
  ["responseStreamDisconnected", CHECK_NETWORK],
  ["responseTooManyFailedAttempts", CHECK_NETWORK],
]);

/** Returns the cause in its discriminated form; `null` when there is none, or it cannot be read. */
export function toTurnErrorInfo(wire: unknown): TurnErrorInfo | null {
  // SAFETY: another kind than the pinned protocol's is the open member of the string union.
  if (typeof wire === "string") return { kind: wire } as TurnErrorInfo;
  if (typeof wire !== "object" || wire === null) return null;
  const [entry] = Object.entries(wire);
  if (entry === undefined) return null;
  const [kind, members] = entry;
  const known: object = typeof members === "object" && members !== null ? members : {};
  // SAFETY: the protocol ties the members to the kind.
  return { ...known, kind } as TurnErrorInfo;
}

/** Returns the error code of a failed turn with this cause. */
export function turnErrorCodeOf(info: TurnErrorInfo | null): CodexErrorCode {
  if (info === null) return "TURN_FAILED";
  return CODES.get(String(info.kind)) ?? CODES_BY_STATUS.get(statusOf(info)) ?? "TURN_FAILED";
}

/** Returns the HTTP status of the provider's response, where the cause has one. */
function statusOf(info: TurnErrorInfo | null): unknown {
  return info !== null && "httpStatusCode" in info ? info.httpStatusCode : undefined;
}

/** Returns what a user can do about the error of a model call; `undefined` when nothing is known. */
export function remedyOf(codexErrorInfo: unknown, text = ""): string | undefined {
  const info = toTurnErrorInfo(codexErrorInfo);
  const remedy = REMEDIES.get(turnErrorCodeOf(info));
  if (remedy !== undefined) return remedy;
  // While the runtime retries, it reports a missing login only in the text of the HTTP error.
  if (/\b401\b|unauthorized/i.test(text)) return REMEDIES.get("UNAUTHORIZED");
  // A provider that has responded with a status can be reached.
  if (typeof statusOf(info) === "number") return undefined;
  return REMEDIES_OF_CAUSE.get(String(info?.kind));
}

/** Returns the message of a turn's error, with the remedy where one is known. */
export function describeTurnError({ message, codexErrorInfo }: TurnError): string {
  // A message of the wire may be of any type.
  const text = typeof message === "string" && message !== "" ? message : "no reason was sent";
  const remedy = remedyOf(codexErrorInfo, text);
  return remedy === undefined ? text : `${text} (${remedy})`;
}
