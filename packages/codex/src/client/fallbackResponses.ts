import { threadIdOf } from "../router/routingKeys.js";
import type { SubAgentThreads } from "../router/subAgentThreads.js";
import type { Answer } from "../rpc/connectionListener.js";
import type { RequestMessage } from "../rpc/message.js";
import type { Connector } from "./connector.js";
import { toDefaultResponse } from "./defaultResponses.js";
import type { ThreadStates } from "./threadStates.js";

/** Facts about a client that decide who responds to a request of the runtime. */
export interface Responsibility {
  readonly connector: Connector;
  readonly threadStates: ThreadStates;
  readonly subAgents: SubAgentThreads;
}

/**
 * Makes the default response. A runtime that other clients may use is left to them (`undefined`), unless
 * this client has started the turn, or its own handler failed.
 */
export function toFallback(
  client: Responsibility,
  request: RequestMessage,
  error: unknown,
): Answer | undefined {
  const isOurs =
    client.connector.ownsRuntime || error !== undefined || hasStartedTurnOf(client, request);
  return isOurs ? toDefaultResponse(request, error) : undefined;
}

function hasStartedTurnOf(
  { threadStates, subAgents }: Responsibility,
  { params }: RequestMessage,
): boolean {
  const threadId = threadIdOf(params);
  if (threadId === undefined) return false;
  const { ownWork } = threadStates;
  return ownWork.has(threadId) || ownWork.has(subAgents.rootOf(threadId));
}
