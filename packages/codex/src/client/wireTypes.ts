import type { ServerNotification, ServerRequest } from "@openai/codex-types";

import type { NotificationMessage, RequestMessage } from "../rpc/message.js";

/** A notification as consumers get it, with the time at which the runtime sent it, where it says so. */
export function toServerNotification({
  method,
  params,
  emittedAtMs,
}: NotificationMessage): ServerNotification {
  const notification = { method, params, ...(emittedAtMs === undefined ? {} : { emittedAtMs }) };
  // The runtime's protocol ties the params to the method, and what is not of it is the union's
  // unknown variant: it is passed through unchecked, so that a newer runtime breaks nothing.
  return notification as ServerNotification;
}

/** A request of the runtime as handlers get it. */
export function toServerRequest({ id, method, params }: RequestMessage): ServerRequest {
  // As above: the protocol ties the params to the method.
  return { id, method, params } as ServerRequest;
}
