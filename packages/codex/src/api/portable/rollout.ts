import type { JsonValue, SandboxPolicy } from "@openai/codex-types";

import { isObject } from "../../internal/isObject.js";

/** The part of another rollout that a history begins with, as a fork's does. */
export interface RolloutBase {
  readonly threadId: string;
  /** Length of that part, in bytes. */
  readonly bytes: number;
}

/** Settings of the last turn in a rollout. */
export interface TurnContext {
  readonly sandboxPolicy: SandboxPolicy | undefined;
  readonly permissions: string | null;
  readonly approvalPolicy: JsonValue | undefined;
  readonly approvalsReviewer: string | null;
  readonly summary: string | null;
}

/** The facts that the SDK reads from a rollout. */
export interface RolloutFacts {
  readonly threadId: string;
  readonly base: RolloutBase | undefined;
  /** Ids of the turns that have ended, in order. */
  readonly endedTurns: readonly string[];
  /** Length up to the start of a turn that has not ended, in UTF-16 units; `undefined` without one. */
  readonly openTurnAt: number | undefined;
  /** Settings of the last turn; `undefined` where they were changed after that turn, or are not readable. */
  readonly context: TurnContext | undefined;
}

/** Characters of a line within which the kind of an entry stands. */
const HEAD = 200;
const READ_KINDS =
  /"(?:turn_context|thread_settings_applied|task_started|task_complete|turn_aborted)"/u;

/**
 * Reads a rollout: one JSON object a line, the first of which names the thread. Returns the fault, as
 * the end of a sentence, for a text that is not a whole rollout.
 *
 * @param isEveryLineRead whether lines that the SDK does not need are parsed, too.
 */
export function readRollout(text: string, isEveryLineRead: boolean): RolloutFacts | string {
  if (!text.endsWith("\n")) return "is truncated: its last line is not complete";
  const [first = "", ...rest] = text.slice(0, -1).split("\n");
  const meta = payloadOf(parse(first), "session_meta");
  const threadId = meta?.["id"];
  if (meta === undefined || typeof threadId !== "string") {
    return "does not begin with the entry session_meta of a thread";
  }
  const base = readBase(meta["history_base"]);
  if (base === null) return "names a base of its history that cannot be read";
  const endedTurns: string[] = [];
  let open: { readonly id: string; readonly at: number } | undefined;
  let profile: string | undefined;
  let context: TurnContext | undefined;
  let at = first.length + 1;
  for (const [index, line] of rest.entries()) {
    const isNeeded = READ_KINDS.test(line.slice(0, HEAD));
    if (isNeeded || isEveryLineRead) {
      const entry = parse(line);
      if (entry === undefined) return `is damaged: its line ${index + 2} is not a JSON object`;
      const event = payloadOf(entry, "event_msg");
      const turn = payloadOf(entry, "turn_context");
      const turnId = event?.["turn_id"];
      if (turn !== undefined) {
        context = readContext(turn);
        profile = JSON.stringify(turn["permission_profile"]);
      } else if (event?.["type"] === "thread_settings_applied") {
        const applied = isObject(event["thread_settings"]) ? event["thread_settings"] : {};
        if (JSON.stringify(applied["permission_profile"]) !== profile) context = undefined;
      } else if (typeof turnId === "string") {
        if (event?.["type"] === "task_started") open = { id: turnId, at };
        else if (event?.["type"] === "task_complete" || event?.["type"] === "turn_aborted") {
          endedTurns.push(turnId);
          if (open?.id === turnId) open = undefined;
        }
      }
    }
    at += line.length + 1;
  }
  return { threadId, base, endedTurns, openTurnAt: open?.at, context };
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isObject(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function payloadOf(
  entry: Readonly<Record<string, unknown>> | undefined,
  type: string,
): Readonly<Record<string, unknown>> | undefined {
  const payload = entry?.["type"] === type ? entry["payload"] : undefined;
  return isObject(payload) ? payload : undefined;
}

/** `null` for a base that cannot be read. */
function readBase(value: unknown): RolloutBase | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return null;
  const { thread_id: threadId, end_byte_offset: bytes } = value;
  const isUsable = typeof threadId === "string" && Number.isSafeInteger(bytes) && Number(bytes) > 0;
  return isUsable ? { threadId, bytes: Number(bytes) } : null;
}

function readContext(turn: Readonly<Record<string, unknown>>): TurnContext {
  const profile = turn["active_permission_profile"];
  const { approvals_reviewer: reviewer, summary } = turn;
  return {
    sandboxPolicy: toWirePolicy(turn["sandbox_policy"]),
    permissions: isObject(profile) && typeof profile["id"] === "string" ? profile["id"] : null,
    // SAFETY: parsed from JSON, so that it is a JSON value.
    approvalPolicy: turn["approval_policy"] as JsonValue | undefined,
    approvalsReviewer: typeof reviewer === "string" ? reviewer : null,
    summary: typeof summary === "string" ? summary : null,
  };
}

/** Returns the policy of a rollout in the form of the wire; `undefined` for one of another form. */
function toWirePolicy(policy: unknown): SandboxPolicy | undefined {
  if (!isObject(policy)) return undefined;
  const names: Readonly<Record<string, string>> = {
    "danger-full-access": "dangerFullAccess",
    "read-only": "readOnly",
    "workspace-write": "workspaceWrite",
  };
  return toWholePolicy({
    type: names[String(policy["type"])],
    writableRoots: policy["writable_roots"],
    networkAccess: policy["network_access"],
    excludeTmpdirEnvVar: policy["exclude_tmpdir_env_var"],
    excludeSlashTmp: policy["exclude_slash_tmp"],
  });
}

/**
 * Returns a policy with all of its members, as the runtime reports it; `undefined` for a value that is
 * not one. Members that the policy does not have are left out.
 */
export function toWholePolicy(value: unknown): SandboxPolicy | undefined {
  if (!isObject(value)) return undefined;
  const isSet = (name: string) => value[name] === undefined || typeof value[name] === "boolean";
  const flags = ["networkAccess", "excludeTmpdirEnvVar", "excludeSlashTmp"];
  const roots = value["writableRoots"] ?? [];
  if (!flags.every(isSet) || !Array.isArray(roots)) return undefined;
  if (!roots.every((root) => typeof root === "string")) return undefined;
  const networkAccess = value["networkAccess"] === true;
  switch (value["type"]) {
    case "dangerFullAccess":
      return { type: "dangerFullAccess" };
    case "readOnly":
      return { type: "readOnly", networkAccess };
    case "workspaceWrite":
      return {
        type: "workspaceWrite",
        writableRoots: roots,
        networkAccess,
        excludeTmpdirEnvVar: value["excludeTmpdirEnvVar"] === true,
        excludeSlashTmp: value["excludeSlashTmp"] === true,
      };
    default:
      return undefined;
  }
}
