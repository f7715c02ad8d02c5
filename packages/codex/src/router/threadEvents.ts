import type { NotificationMessage } from "../rpc/message.js";
import { statusTypeOf } from "./routingKeys.js";

/** After these, the app-server sends nothing more of the thread. */
const CLOSING: ReadonlySet<string> = new Set(["thread/closed", "thread/deleted"]);

/** Returns whether the thread is unloaded or deleted: nothing more of it comes. */
export function closesThread({ method }: NotificationMessage): boolean {
  return CLOSING.has(method);
}

/** Returns whether no turn of the thread can start after this notification: closed, deleted or archived. */
export function endsThread(message: NotificationMessage): boolean {
  return message.method === "thread/archived" || closesThread(message);
}

/** Returns whether the thread has no active turn after this notification. */
export function bringsThreadToRest({ method, params }: NotificationMessage): boolean {
  return method === "thread/status/changed" && isRestingStatus(statusTypeOf(params));
}

/** Returns whether a thread of this status has no active turn; an unknown status does not count as rest. */
export function isRestingStatus(status: string | undefined): boolean {
  return status === "idle" || status === "systemError" || status === "notLoaded";
}
