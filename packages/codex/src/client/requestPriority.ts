import type { RequestPriority } from "../rpc/pendingRequests.js";

/** Calls that stop or steer what runs, or feed it, by the last part of the method. They never wait behind other calls. */
const CONTROL =
  /^initialize$|^thread\/goal\/(?:set|clear)$|\/(?:interrupt|steer|cancel|terminate|kill|stop|sessionStop|clean|unsubscribe|unwatch|write|writeStdin|resize|resizePty)$/;

/** Calls whose response comes when work has been done, which may take as long as it likes. */
const LONG: ReadonlySet<string> = new Set([
  "command/exec",
  "process/spawn",
  "mcpServer/tool/call",
  "mcpServer/resource/read",
  "thread/sample",
  "thread/shellCommand",
  "thread/guardianReview",
  "account/gatewayOAuth/login",
  "mcpServer/oauth/login",
  "externalAgentConfig/import",
  "windowsSandbox/setupStart",
  "feedback/upload",
  "marketplace/add",
  "marketplace/upgrade",
  "plugin/install",
  "fuzzyFileSearch",
  "gitDiffToRemote",
]);

/** Returns which share of the request slots a method uses. */
export function priorityOf(method: string): RequestPriority {
  // A setting that is written is not input of something that runs.
  if (CONTROL.test(method) && !method.includes("config/")) return "control";
  return LONG.has(method) ? "long" : "regular";
}
