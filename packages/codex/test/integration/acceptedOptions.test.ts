import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type ForkThreadOptions,
  type ListThreadsOptions,
  type ResumeThreadOptions,
  type StartThreadOptions,
  type Thread,
  tool,
  type TurnOptions,
  type UpdateSettingsOptions,
} from "../../src/index.js";
import { message } from "../../src/testing/index.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";

/** Each option with options that contain a valid value for it; made of facts of the running test. */
type Values<Options> = {
  readonly [Name in keyof Required<Options>]: (facts: Facts) => Options;
};

interface Facts {
  readonly workspace: string;
  /** A thread with two turns, which is not open. */
  readonly threadId: string;
  readonly turnId: string;
}

const UNKNOWN_ID = "019a0000-0000-7000-8000-000000000000";

/** Options that a local app-server refuses. */
const REFUSED: readonly string[] = ["originators"];

const PLAN = {
  mode: "plan",
  settings: { model: "mock-model", reasoning_effort: null, developer_instructions: null },
} as const;

const OWN_TOOL = tool({
  name: "look_up",
  description: "Looks up.",
  inputSchema: { type: "object", properties: {} },
  execute: () => "found",
});

const REQUEST = {
  signal: () => ({ signal: new AbortController().signal }),
  timeoutMs: () => ({ timeoutMs: 60_000 }),
} as const;

const SANDBOX = {
  approvalMode: () => ({ approvalMode: "deny_all" }) as const,
  sandbox: () => ({ sandbox: "workspace-write" }) as const,
  networkAccess: () => ({ sandbox: "workspace-write", networkAccess: true }) as const,
  additionalDirectories: ({ workspace }: Facts) => ({
    sandbox: "workspace-write" as const,
    additionalDirectories: [workspace],
  }),
  permissions: () => ({ permissions: ":workspace" }),
  model: () => ({ model: "another-model" }),
  effort: () => ({ effort: "low" }),
  serviceTier: () => ({ serviceTier: "flex" }),
  cwd: ({ workspace }: Facts) => ({ cwd: workspace }),
} as const;

const THREAD = {
  ...REQUEST,
  ...SANDBOX,
  onApproval: () => ({ onApproval: () => "decline" as const }),
  webSearch: () => ({ webSearch: "live" }) as const,
  modelProvider: () => ({ modelProvider: "mock" }),
  config: () => ({ config: { model_verbosity: "low" } }),
  baseInstructions: () => ({ baseInstructions: "Be brief." }),
  runtimeWorkspaceRoots: ({ workspace }: Facts) => ({ runtimeWorkspaceRoots: [workspace] }),
} as const;

const START: Values<StartThreadOptions> = {
  ...THREAD,
  tools: () => ({ tools: [OWN_TOOL] }),
  developerInstructions: () => ({ developerInstructions: "Be brief." }),
  ephemeral: () => ({ ephemeral: true }),
  personality: () => ({ personality: "none" }),
  serviceName: () => ({ serviceName: "a-service" }),
  sessionStartSource: () => ({ sessionStartSource: "clear" }),
  threadSource: () => ({ threadSource: "user" }),
  allowProviderModelFallback: () => ({ model: "another-model", allowProviderModelFallback: true }),
  multiAgentMode: () => ({ multiAgentMode: "explicitRequestOnly" }),
  historyMode: () => ({ historyMode: "paginated" }),
  projectId: () => ({ projectId: null }),
  daybreakEnabled: () => ({ daybreakEnabled: true }),
  environments: () => ({ environments: [] }),
  selectedCapabilityRoots: () => ({ selectedCapabilityRoots: [] }),
};

const RESUME: Values<ResumeThreadOptions> = {
  ...THREAD,
  tools: () => ({ tools: [] }),
  personality: () => ({ personality: "none" }),
  history: () => ({
    history: [
      { type: "message", role: "user", content: [{ type: "input_text", text: "Earlier." }] },
    ],
  }),
  path: () => ({ path: "" }),
  excludeTurns: () => ({ excludeTurns: false }),
  initialTurnsPage: () => ({ initialTurnsPage: { limit: 1 } }),
};

const FORK: Values<ForkThreadOptions> = {
  ...THREAD,
  tools: () => ({ tools: [] }),
  ephemeral: () => ({ ephemeral: true }),
  threadSource: () => ({ threadSource: "user" }),
  lastTurnId: ({ turnId }) => ({ lastTurnId: turnId }),
  beforeTurnId: ({ turnId }) => ({ beforeTurnId: turnId }),
  path: () => ({ path: "" }),
  excludeTurns: () => ({ excludeTurns: false }),
  attachToSource: () => ({ attachToSource: true }),
  deferGoalContinuation: () => ({ deferGoalContinuation: true }),
  experimentalPredictionMode: () => ({ ephemeral: true, experimentalPredictionMode: true }),
  experimentalDisablePredictionMcp: () => ({
    ephemeral: true,
    experimentalPredictionMode: true,
    experimentalDisablePredictionMcp: true,
  }),
};

const TURN: Values<TurnOptions> = {
  ...REQUEST,
  ...SANDBOX,
  idleTimeoutMs: () => ({ idleTimeoutMs: 60_000 }),
  whenBusy: () => ({ whenBusy: "queue" }),
  outputSchema: () => ({ outputSchema: { type: "string" } }),
  summary: () => ({ summary: "detailed" }),
  personality: () => ({ personality: "none" }),
  disabledPluginIds: () => ({ disabledPluginIds: [] }),
  clientUserMessageId: () => ({ clientUserMessageId: "message-1" }),
  parentTurnId: ({ turnId }) => ({ parentTurnId: turnId }),
  rootTurnId: ({ turnId }) => ({ parentTurnId: turnId, rootTurnId: turnId }),
  responsesapiClientMetadata: () => ({ responsesapiClientMetadata: { key: "value" } }),
  responsesapiClientMetadataPatch: () => ({ responsesapiClientMetadataPatch: { key: "value" } }),
  additionalContext: () => ({
    additionalContext: { source: { value: "text", kind: "untrusted" } },
  }),
  environments: () => ({ environments: [] }),
  runtimeWorkspaceRoots: ({ workspace }) => ({ runtimeWorkspaceRoots: [workspace] }),
  serviceTierForTurn: () => ({ serviceTierForTurn: "default" }),
  collaborationMode: () => ({ collaborationMode: PLAN }),
  multiAgentMode: () => ({ multiAgentMode: "explicitRequestOnly" }),
};

const UPDATE: Values<UpdateSettingsOptions> = {
  ...SANDBOX,
  signal: () => ({ ...REQUEST.signal(), model: "another-model" }),
  timeoutMs: () => ({ ...REQUEST.timeoutMs(), model: "another-model" }),
  summary: () => ({ summary: "detailed" }),
  personality: () => ({ personality: "none" }),
  collaborationMode: () => ({ collaborationMode: PLAN }),
  multiAgentMode: () => ({ multiAgentMode: "explicitRequestOnly" }),
  disabledPluginIds: () => ({ disabledPluginIds: [] }),
  environments: () => ({ environments: [] }),
};

const LIST: Values<ListThreadsOptions> = {
  ...REQUEST,
  archived: () => ({ archived: true }),
  cursor: () => ({ cursor: null }),
  cwd: ({ workspace }) => ({ cwd: [workspace] }),
  limit: () => ({ limit: 1 }),
  modelProviders: () => ({ modelProviders: ["mock"] }),
  searchTerm: () => ({ searchTerm: "one" }),
  sortDirection: () => ({ sortDirection: "asc" }),
  sortKey: () => ({ sortKey: "updated_at" }),
  sourceKinds: () => ({ sourceKinds: ["appServer"] }),
  useStateDbOnly: () => ({ useStateDbOnly: true }),
  includeAttachedThreads: () => ({ searchTerm: "one", includeAttachedThreads: true }),
  currentAccountOnly: () => ({ currentAccountOnly: true }),
  includedThreadIds: ({ threadId }) => ({ includedThreadIds: [threadId] }),
  excludedThreadIds: ({ threadId }) => ({ excludedThreadIds: [threadId] }),
  originators: () => ({ originators: ["codex_typescript_sdk"] }),
  sectionId: () => ({ sectionId: null }),
  projectId: () => ({ projectId: null }),
  parentThreadId: ({ threadId }) => ({ parentThreadId: threadId }),
  ancestorThreadId: ({ threadId }) => ({ ancestorThreadId: threadId }),
  attachedToThreadId: ({ threadId }) => ({ attachedToThreadId: threadId }),
};

let harness: RecordedHarness;
let facts: Facts;

beforeAll(async () => {
  harness = await startRecordedHarness();
  harness.model.respond(() => [message('"ok"')]);
  const thread = await startWithTurns();
  await leave(thread);
  const { data } = await thread.listTurns();
  const turnId = data[0]?.id ?? "";
  facts = { workspace: harness.workspace, threadId: thread.id, turnId };
});
afterAll(() => harness.close());

async function startWithTurns(options: StartThreadOptions = {}): Promise<Thread> {
  const thread = await harness.codex.startThread(options);
  await thread.run("one");
  await thread.run("two");
  return thread;
}

/** Unsubscribes, so that the next resume is one of a thread that is not open in this client. */
async function leave({ id }: Thread): Promise<void> {
  await harness.codex.client.request("thread/unsubscribe", { threadId: id });
}

const OPEN: Readonly<Record<string, (options: object) => Promise<unknown>>> = {
  startThread: (options) => harness.codex.startThread(options),
  resumeThread: async (options) => {
    // A thread that is made of a given history is a new one.
    if (Object.hasOwn(options, "history")) return harness.codex.resumeThread(UNKNOWN_ID, options);
    const thread = await startWithTurns();
    await leave(thread);
    return harness.codex.resumeThread(thread.id, options);
  },
  forkThread: (options) => harness.codex.forkThread(facts.threadId, options),
  run: async (options) => (await harness.codex.startThread()).run("Go.", options),
  updateSettings: async (options) => (await harness.codex.startThread()).updateSettings(options),
  listThreads: (options) => harness.codex.listThreads(options),
};

describe("the runtime accepts every option", () => {
  it.each([
    ["startThread", START],
    ["resumeThread", RESUME],
    ["forkThread", FORK],
    ["run", TURN],
    ["updateSettings", UPDATE],
    ["listThreads", LIST],
  ])("of %s", async (method, values) => {
    const open = OPEN[method];
    const failures: Record<string, string> = {};
    for (const [name, valueOf] of Object.entries<(given: Facts) => object>(values)) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, to name the one that fails
        await open?.(valueOf(facts));
      } catch (error) {
        failures[name] = String(error);
      }
    }
    const names = Object.keys(values);
    expect(Object.keys(failures)).toEqual(REFUSED.filter((name) => names.includes(name)));
  });
});
