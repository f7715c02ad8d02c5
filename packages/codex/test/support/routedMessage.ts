import type { NotificationMessage } from "../../src/rpc/message.js";

/** A wire notification as the router gets it. */
export function routed({
  method,
  params,
}: {
  method: string;
  params: unknown;
}): NotificationMessage {
  return { method, params };
}
