import type { ServerRequest } from "@openai/codex-types";

import type { RequestMessage } from "../rpc/message.js";

/** Shows a request of the app-server to the handlers of the application. */
export function toServerRequest({ id, method, params }: RequestMessage): ServerRequest {
  // SAFETY: the protocol ties params to the method, and another method is the union's unknown variant.
  return { id, method, params } as ServerRequest;
}
