import { isObject } from "../internal/isObject.js";

function stringMember(value: unknown, key: string): string | undefined {
  if (!isObject(value)) return undefined;
  const member = value[key];
  return typeof member === "string" ? member : undefined;
}

/** The turn that a notification or a server request belongs to: `turnId`, else `turn.id`. */
export function turnIdOf(params: unknown): string | undefined {
  return (
    stringMember(params, "turnId") ??
    (isObject(params) ? stringMember(params["turn"], "id") : undefined)
  );
}

/** The turn that a turn's chain of work began with; a review announces itself under it. */
export function rootTurnIdOf(params: unknown): string | undefined {
  return isObject(params) ? stringMember(params["turn"], "rootTurnId") : undefined;
}

/** The thread that a notification or a server request belongs to: `threadId`, else `thread.id`. */
export function threadIdOf(params: unknown): string | undefined {
  return (
    stringMember(params, "threadId") ??
    (isObject(params) ? stringMember(params["thread"], "id") : undefined)
  );
}

/** The item of an `item/started` or `item/completed`. */
export function itemIdOf(params: unknown): string | undefined {
  return isObject(params) ? stringMember(params["item"], "id") : undefined;
}

/** The login attempt that a notification belongs to; an API-key login has none. */
export function loginIdOf(params: unknown): string | undefined {
  return stringMember(params, "loginId");
}

/** The `status.type` of a `thread/status/changed`. */
export function statusTypeOf(params: unknown): string | undefined {
  return isObject(params) ? stringMember(params["status"], "type") : undefined;
}
