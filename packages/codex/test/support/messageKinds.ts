import { readFileSync } from "node:fs";

import { goalOf } from "./goalMessages.js";
import { agentMessage, THREAD, turn, TURN, usageOf } from "./wire.js";

const turnIds = { threadId: THREAD, turnId: TURN };
const itemIds = { ...turnIds, itemId: "item-1" };

/** Params of a kind whose members the SDK does not look at, or looks at by their names only. */
const PLAIN_PARAMS = { ...itemIds, delta: "text", message: "text", status: "ready" };

/** Params of the kinds that the SDK reads, on the thread and turn of `wire.ts`. */
const PARAMS: Readonly<Record<string, object>> = {
  error: {
    ...turnIds,
    error: { message: "no", codexErrorInfo: "other", additionalDetails: null },
    willRetry: true,
  },
  "thread/started": { thread: { id: THREAD, turns: [], status: { type: "idle" } } },
  "thread/status/changed": { threadId: THREAD, status: { type: "active", activeFlags: [] } },
  "thread/goal/updated": { ...turnIds, goal: goalOf("active") },
  "thread/tokenUsage/updated": { ...turnIds, tokenUsage: usageOf(12) },
  "turn/started": { ...turnIds, turn: turn(TURN, "inProgress") },
  "turn/completed": { ...turnIds, turn: turn(TURN, "completed") },
  "turn/diff/updated": { ...turnIds, diff: "" },
  "turn/plan/updated": { ...turnIds, explanation: null, plan: [] },
  "item/started": { ...turnIds, item: agentMessage("hello"), startedAtMs: 0 },
  "item/completed": { ...turnIds, item: agentMessage("hello"), completedAtMs: 0 },
  "item/fileChange/patchUpdated": {
    ...itemIds,
    changes: [{ path: "a", kind: { type: "add" }, diff: "" }],
  },
  "serverRequest/resolved": { threadId: THREAD, requestId: "request-1" },
  "account/login/completed": { loginId: "login-1", success: true, error: null },
  "item/commandExecution/requestApproval": {
    ...itemIds,
    kind: "command",
    command: "ls",
    cwd: "/",
    reason: null,
    availableDecisions: ["accept", "decline"],
  },
  "item/fileChange/requestApproval": { ...itemIds, reason: null, grantRoot: null },
  "item/permissions/requestApproval": { ...itemIds, permissions: {}, reason: null },
  "item/tool/call": {
    ...turnIds,
    callId: "call-1",
    tool: "work",
    namespace: null,
    arguments: { a: 1 },
  },
};

/** One valid message of a kind. */
export interface MessageKind {
  readonly method: string;
  readonly params: object;
}

/** Every notification that the pinned runtime can send. */
export const NOTIFICATION_KINDS = kindsOf("ServerNotification");

/** Every request that the pinned runtime can send. */
export const REQUEST_KINDS = kindsOf("ServerRequest");

/** Reads the methods of a generated union: a new version of the runtime brings its own. */
function kindsOf(union: string): readonly MessageKind[] {
  const file = `../../../codex-types/src/generated/${union}.ts`;
  const source = readFileSync(new URL(file, import.meta.url), "utf8");
  return [...source.matchAll(/"method": "([^"]+)"/gu)].map(([, method = ""]) => ({
    method,
    params: PARAMS[method] ?? PLAIN_PARAMS,
  }));
}
