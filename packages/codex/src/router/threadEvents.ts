import { isObject } from "../internal/isObject.js";
import type { NotificationMessage } from "../rpc/message.js";
import { statusTypeOf } from "./routingKeys.js";

/** Methods of the notifications that are the last of their thread: it is unloaded or deleted. */
export const CLOSING_METHODS: ReadonlySet<string> = new Set(["thread/closed", "thread/deleted"]);

/** Methods of the notifications after which no turn of the thread can start: closed, deleted or archived. */
export const ENDING_METHODS: ReadonlySet<string> = new Set([...CLOSING_METHODS, "thread/archived"]);

/** Returns whether the thread is unloaded or deleted: nothing more of it comes. */
export function closesThread({ method }: NotificationMessage): boolean {
  return CLOSING_METHODS.has(method);
}

/** Returns whether no turn of the thread can start after this notification: closed, deleted or archived. */
export function endsThread({ method }: NotificationMessage): boolean {
  return ENDING_METHODS.has(method);
}

/** Returns whether the thread has no active turn after this notification. */
export function bringsThreadToRest({ method, params }: NotificationMessage): boolean {
  return method === "thread/status/changed" && isRestingStatus(statusTypeOf(params));
}

/** Returns whether a thread of this status has no active turn; an unknown status does not count as rest. */
export function isRestingStatus(status: string | undefined): boolean {
  return status === "idle" || status === "systemError" || status === "notLoaded";
}

/** Returns whether a turn's model call has failed for good: nothing but the end of the turn comes. */
export function isTerminalError({ method, params }: NotificationMessage): boolean {
  return method === "error" && isObject(params) && params["willRetry"] === false;
}
