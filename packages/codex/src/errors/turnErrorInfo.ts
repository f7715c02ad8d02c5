import type { CodexErrorInfo } from "@openai/codex-types";

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
  const status = "httpStatusCode" in info ? info.httpStatusCode : undefined;
  return CODES.get(String(info.kind)) ?? CODES_BY_STATUS.get(status) ?? "TURN_FAILED";
}
