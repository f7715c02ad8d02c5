import type { ThreadListParams, ThreadSourceKind } from "@openai/codex-types";

import { CodexProtocolError, ThreadNotPortableError } from "../../errors.js";
import { isObject } from "../../internal/isObject.js";
import { InternalRpcError } from "../../rpc/rpcErrors.js";
import { toResponseObject } from "../checkResponse.js";
import { toGoal } from "../goals/goalFold.js";
import type { SettingsServices } from "../settings/settingsServices.js";
import { MAX_BYTES, MAX_FILES } from "./checkBundle.js";
import { readRollout, type RolloutFacts, toWholePolicy } from "./rollout.js";
import { homeOf, readRolloutFile } from "./rolloutFile.js";
import {
  BUNDLE_FORMAT,
  type CarriedSettings,
  sha256Of,
  type ThreadBundle,
} from "./threadBundle.js";

/** Options of `collectBundle`. */
export interface CollectOptions {
  readonly signal?: AbortSignal | undefined;
  /** True if a turn that runs is left out; otherwise a thread with one is refused. */
  readonly isCut: boolean;
}

interface Rollout {
  readonly path: string;
  readonly text: string;
  readonly facts: RolloutFacts;
}

type Members = Readonly<Record<string, unknown>>;

const SUB_AGENT_KINDS: readonly ThreadSourceKind[] = [
  "subAgent",
  "subAgentReview",
  "subAgentCompact",
  "subAgentThreadSpawn",
  "subAgentOther",
];

/**
 * Makes the bundle of a thread from the rollouts of its home: its own, those that its history builds on
 * as far as it does, and those of its sub-agents.
 *
 * @throws ThreadNotPortableError; ThreadBusyError for a thread with a turn that runs.
 */
export async function collectBundle(
  opener: SettingsServices,
  threadId: string,
  { signal, isCut }: CollectOptions,
): Promise<ThreadBundle> {
  const { runtime } = opener;
  const home = await homeOf(runtime, threadId);
  const main = await readThread(opener, threadId, signal);
  const status = isObject(main["status"]) ? main["status"]["type"] : undefined;
  if (!isCut && status === "active") throw runtime.router.threads.busyError(threadId);
  const rollouts = new Map<string, Rollout>();
  const own = await readMain(home, threadId, main["path"], isCut);
  await addBases(own.facts);
  rollouts.set(threadId, own);
  for (const agent of await listSubAgents(opener, threadId, signal)) await addSubAgent(agent);
  // The thread's own rollout is written last: until then a home does not have the thread.
  rollouts.delete(threadId);
  const ordered = [...rollouts, [threadId, own] as const];
  const files = ordered.map(([id, { path, text }]) => ({
    path,
    threadId: id,
    bytes: Buffer.byteLength(text),
    sha256: sha256Of(text),
  }));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (files.length > MAX_FILES || total > MAX_BYTES) {
    const size = `${files.length} files with ${total} bytes`;
    const limit = `${MAX_FILES} files with ${MAX_BYTES} bytes`;
    throw new ThreadNotPortableError(threadId, `it has ${size}, and at most ${limit} are carried.`);
  }
  return {
    manifest: {
      format: BUNDLE_FORMAT,
      runtimeVersion: runtime.metadata.serverInfo.version,
      threadId,
      createdAt: typeof main["createdAt"] === "number" ? main["createdAt"] : 0,
      name: textOrNull(main["name"]),
      goal: await readGoal(opener, threadId, signal),
      settings: toSettings(opener, threadId, main, own.facts),
      files,
    },
    contents: Object.fromEntries(ordered.map(([, { path, text }]) => [path, text])),
  };

  /** Adds the rollouts that a history builds on, each as far as it is a part of that history. */
  async function addBases({ base }: RolloutFacts): Promise<void> {
    if (base === undefined) return;
    const known = rollouts.get(base.threadId);
    if (known !== undefined && Buffer.byteLength(known.text) >= base.bytes) return;
    const stored = await readThread(opener, base.threadId, signal);
    const { path, bytes } = await readRolloutFile(home, base.threadId, textOrNull(stored["path"]));
    const text = toText(base.threadId, path, bytes.subarray(0, base.bytes));
    const facts = toFacts(base.threadId, path, text);
    if (bytes.length < base.bytes) {
      throw new ThreadNotPortableError(
        threadId,
        `${path}, on which its history builds, is truncated.`,
      );
    }
    await addBases(facts);
    rollouts.set(base.threadId, { path, text, facts });
  }

  async function addSubAgent(agent: Members): Promise<void> {
    const id = String(agent["id"]);
    if (id === threadId || agent["ephemeral"] === true) return;
    const { path, bytes } = await readRolloutFile(home, id, textOrNull(agent["path"]));
    // A sub-agent may be at work: what it has written in whole lines counts.
    const text = toText(id, path, bytes.subarray(0, bytes.lastIndexOf("\n") + 1));
    const facts = toFacts(id, path, text);
    const isOfOpenTurn =
      facts.base?.threadId === threadId && Buffer.byteLength(own.text) < facts.base.bytes;
    if (isOfOpenTurn) return;
    await addBases(facts);
    rollouts.set(id, { path, text, facts });
  }
}

async function readMain(
  home: string,
  threadId: string,
  storedPath: unknown,
  isCut: boolean,
): Promise<Rollout> {
  const { path, bytes } = await readRolloutFile(home, threadId, textOrNull(storedPath));
  const whole = isCut ? bytes.subarray(0, bytes.lastIndexOf("\n") + 1) : bytes;
  const text = toText(threadId, path, whole);
  const facts = toFacts(threadId, path, text);
  if (!isCut || facts.openTurnAt === undefined) return { path, text, facts };
  const cut = text.slice(0, facts.openTurnAt);
  return { path, text: cut, facts: toFacts(threadId, path, cut) };
}

function toText(threadId: string, path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ThreadNotPortableError(threadId, `${path} is not UTF-8 text.`, { cause });
  }
}

function toFacts(threadId: string, path: string, text: string): RolloutFacts {
  const facts = readRollout(text, false);
  if (typeof facts === "string") throw new ThreadNotPortableError(threadId, `${path} ${facts}.`);
  if (facts.threadId === threadId) return facts;
  throw new ThreadNotPortableError(
    threadId,
    `${path} is the rollout of another thread, ${facts.threadId}.`,
  );
}

async function readThread(
  { runtime }: SettingsServices,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<Members> {
  const params = { threadId, includeTurns: false };
  let response: unknown;
  try {
    response = await runtime.dispatch("thread/read", params, { signal });
  } catch (cause) {
    if (!(cause instanceof InternalRpcError)) throw cause;
    const reason = `the runtime cannot read its rollout (${cause.rpcMessage}).`;
    throw new ThreadNotPortableError(threadId, reason, { cause });
  }
  const { thread } = toResponseObject("thread/read", response);
  if (isObject(thread)) return thread;
  throw new CodexProtocolError("the response to thread/read does not have a thread");
}

async function readGoal(
  { runtime }: SettingsServices,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<ThreadBundle["manifest"]["goal"]> {
  const response: unknown = await runtime.dispatch("thread/goal/get", { threadId }, { signal });
  const goal = toGoal(response);
  if (goal === undefined) return null;
  const { objective, status, tokenBudget } = goal;
  return { objective, status, tokenBudget: tokenBudget ?? null };
}

async function listSubAgents(
  { runtime }: SettingsServices,
  ancestorThreadId: string,
  signal: AbortSignal | undefined,
): Promise<Members[]> {
  const agents: Members[] = [];
  let cursor: string | null = null;
  do {
    const params: ThreadListParams = {
      ancestorThreadId,
      sourceKinds: [...SUB_AGENT_KINDS],
      limit: 100,
      cursor,
    };
    // Page after page: each names the next one.
    // oxlint-disable-next-line no-await-in-loop
    const response: unknown = await runtime.dispatch("thread/list", params, { signal });
    const { data, nextCursor } = toResponseObject("thread/list", response);
    if (!Array.isArray(data)) throw new CodexProtocolError("thread/list did not bring a list");
    agents.push(...data.filter(isObject));
    cursor = typeof nextCursor === "string" ? nextCursor : null;
  } while (cursor !== null && agents.length <= MAX_FILES);
  return agents;
}

/**
 * The effective settings: as the runtime reports them to this client, or for a thread that this client has
 * not opened, those of its last turn. A guess could widen the sandbox elsewhere.
 */
function toSettings(
  { settings }: SettingsServices,
  threadId: string,
  stored: Members,
  { context }: RolloutFacts,
): CarriedSettings {
  const live = settings.get(threadId) ?? settings.unloaded(threadId);
  const sandboxPolicy =
    live === undefined ? context?.sandboxPolicy : toWholePolicy(live.sandboxPolicy);
  const approvalPolicy = live === undefined ? context?.approvalPolicy : live.approvalPolicy;
  const [model, cwd] = [live?.model ?? stored["model"], live?.cwd ?? stored["cwd"]];
  const hasPolicy = typeof approvalPolicy === "string" || isObject(approvalPolicy);
  if (
    sandboxPolicy === undefined ||
    !hasPolicy ||
    typeof model !== "string" ||
    typeof cwd !== "string"
  ) {
    throw new ThreadNotPortableError(
      threadId,
      "its effective sandbox and approval policy are not known; open it with them first (codex.resumeThread).",
    );
  }
  return {
    model,
    modelProvider: live?.modelProvider ?? textOrNull(stored["modelProvider"]),
    effort: live?.effort ?? textOrNull(stored["reasoningEffort"]),
    summary: live?.summary ?? context?.summary ?? null,
    serviceTier: live?.serviceTier ?? null,
    cwd,
    sandboxPolicy,
    permissions: (live === undefined ? context?.permissions : live.permissions) ?? null,
    // SAFETY: a string or an object that was parsed from JSON.
    approvalPolicy: approvalPolicy as CarriedSettings["approvalPolicy"],
    approvalsReviewer:
      (live === undefined ? context?.approvalsReviewer : live.approvalsReviewer) ?? null,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
