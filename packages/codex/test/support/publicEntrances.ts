import * as lowLevel from "../../src/client.js";
import * as root from "../../src/index.js";
import * as otel from "../../src/otel/index.js";
import * as testing from "../../src/testing/index.js";
import type { Entrance } from "./argumentCases.js";
import type { ArgumentWorld } from "./argumentWorld.js";
import { exampleBundle } from "./exampleBundle.js";
import { PNG_URL } from "./onePixelPng.js";

type WorldEntrance = Entrance<ArgumentWorld>;

/** Calls a method whose arguments the type checker must not see. */
function on<Owner extends object>(
  ownerOf: (world: ArgumentWorld) => Owner,
  method: keyof Owner,
  rest: Omit<WorldEntrance, "call"> = {},
): WorldEntrance {
  return {
    ...rest,
    call: (world, args) => {
      const owner = ownerOf(world);
      // SAFETY: the table names methods only; a wrong name fails the test with a TypeError.
      return (owner[method] as (...given: readonly unknown[]) => unknown).apply(
        owner,
        args as unknown[],
      );
    },
  };
}

function free(
  fn: (...args: never[]) => unknown,
  rest: Omit<WorldEntrance, "call"> = {},
): WorldEntrance {
  // SAFETY: the point of the test is to pass arguments that the type does not allow.
  return { ...rest, call: (_world, args) => fn(...(args as never[])) };
}

const options = {} as const;
const waiting = { signal: true } as const;
const request = { signal: true, durations: ["timeoutMs"] } as const;
const TOOL = {
  name: "look_up",
  description: "",
  inputSchema: { type: "object" },
  execute: () => "",
};

/** Every function and method of the public API, by its name. */
export const ENTRANCES: Readonly<Record<string, WorldEntrance>> = {
  // Functions of `@openai/codex/otel`.
  instrumentCodex: free(otel.instrumentCodex, { options }),

  approvalsByKind: free(root.approvalsByKind, { required: [{}] }),
  tool: free(root.tool, { required: [TOOL] }),
  toolImage: free(root.toolImage, { required: [PNG_URL] }),
  toolText: free(root.toolText, { required: ["text"] }),
  externalMessage: free(root.externalMessage, { required: [{ name: "inbox", output: "text" }] }),
  continueInput: free(root.continueInput),
  imageInput: free(root.imageInput, { required: [PNG_URL] }),
  localImageInput: free(root.localImageInput, { required: ["a.png"] }),
  mentionInput: free(root.mentionInput, { required: ["name", "app://name"] }),
  skillInput: free(root.skillInput, { required: ["name", "SKILL.md"] }),
  textInput: free(root.textInput, { required: ["text"] }),
  codexExecServer: free(root.codexExecServer, {
    options: { signal: true, durations: ["startTimeoutMs", "closeTimeoutMs"] },
  }),
  isRetryableError: free(root.isRetryableError),
  retryOnOverload: free(root.retryOnOverload, { required: [() => 1], options: waiting }),
  runWithRetry: {
    call: ({ thread }, args) =>
      (root.runWithRetry as (...given: readonly unknown[]) => unknown)(
        ...args.map((argument) => (argument === "the thread" ? thread : argument)),
      ),
    required: ["the thread", "text", {}],
    options: waiting,
  },

  "new Codex": {
    call: (_world, args) => new root.Codex(...(args as [])),
    options: { durations: ["startTimeoutMs", "closeTimeoutMs", "threadLeaseMs"] },
  },
  "Codex.start": on(({ codex }) => codex, "start"),
  "Codex.startThread": on(({ codex }) => codex, "startThread", { options: request }),
  "Codex.resumeThread": on(({ codex }) => codex, "resumeThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.forkThread": on(({ codex }) => codex, "forkThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.exportThread": on(({ codex }) => codex, "exportThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.importThread": on(({ codex }) => codex, "importThread", {
    required: [exampleBundle()],
    options: request,
  }),
  "Codex.thread": on(({ codex }) => codex, "thread", { required: ["id"] }),
  "Codex.searchThreads": on(({ codex }) => codex, "searchThreads", {
    required: ["query"],
    options: request,
  }),
  "Codex.skills": on(({ codex }) => codex, "skills", { options: request }),
  "Codex.mcpServers": on(({ codex }) => codex, "mcpServers", { options: request }),
  "Codex.reloadMcpServers": on(({ codex }) => codex, "reloadMcpServers", { options: request }),
  "Codex.config": on(({ codex }) => codex, "config", { options: request }),
  "Codex.rateLimits": on(({ codex }) => codex, "rateLimits", { options: request }),
  "Codex.usage": on(({ codex }) => codex, "usage", { options: request }),
  "Codex.runCommand": on(({ codex }) => codex, "runCommand", {
    required: [["true"]],
    options: request,
  }),
  "Codex.loginWithTokens": on(({ codex }) => codex, "loginWithTokens", {
    options: request,
    given: { tokens: { accessToken: "token", chatgptAccountId: "account" } },
  }),
  "Codex.addEnvironment": on(({ codex }) => codex, "addEnvironment", {
    options: { signal: true, durations: ["timeoutMs", "connectTimeoutMs"] },
    given: { id: "box", url: "ws://127.0.0.1:1" },
  }),
  "Codex.listThreads": on(({ codex }) => codex, "listThreads", { options: request }),
  "Codex.iterateThreads": on(({ codex }) => codex, "iterateThreads", { options: request }),
  "Codex.archiveThread": on(({ codex }) => codex, "archiveThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.unarchiveThread": on(({ codex }) => codex, "unarchiveThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.deleteThread": on(({ codex }) => codex, "deleteThread", {
    required: ["id"],
    options: request,
  }),
  "Codex.models": on(({ codex }) => codex, "models", { options: request }),
  "Codex.review": on(({ codex }) => codex, "review", {
    required: ["id", { target: { type: "uncommittedChanges" } }],
  }),
  "Codex.review (options)": on(({ codex }) => codex, "review", {
    required: ["id"],
    options: request,
    given: { target: { type: "uncommittedChanges" } },
  }),
  "Codex.readPluginSkill": on(({ codex }) => codex, "readPluginSkill", {
    required: [{ remoteMarketplaceName: "m", remotePluginId: "p", skillName: "s" }],
    options: request,
  }),
  "Codex.loginApiKey": on(({ codex }) => codex, "loginApiKey", {
    required: ["sk-test"],
    areSecrets: true,
    options: request,
  }),
  "Codex.loginChatgpt": on(({ codex }) => codex, "loginChatgpt", { options: request }),
  "Codex.loginChatgptDeviceCode": on(({ codex }) => codex, "loginChatgptDeviceCode", {
    options: request,
  }),
  "Codex.account": on(({ codex }) => codex, "account", { options: request }),
  "Codex.logout": on(({ codex }) => codex, "logout", { options: request }),
  "Codex.notifications": on(({ codex }) => codex, "notifications", { options: waiting }),
  "Codex.close": on(({ codex }) => codex, "close"),

  "Thread.run": on(({ thread }) => thread, "run", {
    required: ["text"],
    options: { signal: true, durations: ["idleTimeoutMs", "timeoutMs"] },
  }),
  "Thread.turn": on(({ thread }) => thread, "turn", {
    required: ["text"],
    options: { signal: true, durations: ["idleTimeoutMs", "timeoutMs"] },
  }),
  "Thread.read": on(({ thread }) => thread, "read", { options: request }),
  "Thread.listTurns": on(({ thread }) => thread, "listTurns", { options: request }),
  "Thread.listItems": on(({ thread }) => thread, "listItems", { options: request }),
  "Thread.iterateTurns": on(({ thread }) => thread, "iterateTurns", { options: request }),
  "Thread.iterateItems": on(({ thread }) => thread, "iterateItems", { options: request }),
  "Thread.inject": on(({ thread }) => thread, "inject", {
    required: [[{ type: "message" }]],
    options: request,
  }),
  "Thread.revert": on(({ thread }) => thread, "revert", {
    required: ["turn-id"],
    options: request,
  }),
  "Thread.setName": on(({ thread }) => thread, "setName", { required: ["name"], options: request }),
  "Thread.updateSettings": on(({ thread }) => thread, "updateSettings", {
    options: request,
    given: { model: "model" },
  }),
  "Thread.unload": on(({ thread }) => thread, "unload", { options: request }),
  "Thread.unarchive": on(({ thread }) => thread, "unarchive", { options: request }),
  "Thread.compact": on(({ thread }) => thread, "compact", { options: request }),
  "Thread.runGoal": on(({ thread }) => thread, "runGoal", {
    required: ["objective"],
    options: { signal: true, durations: ["startTimeoutMs", "idleTimeoutMs", "timeoutMs"] },
  }),
  "Thread.startGoal": on(({ thread }) => thread, "startGoal", {
    required: ["objective"],
    options: { signal: true, durations: ["startTimeoutMs", "idleTimeoutMs", "timeoutMs"] },
  }),
  "Thread.pauseGoal": on(({ thread }) => thread, "pauseGoal", { options: request }),
  "Thread.resumeGoal": on(({ thread }) => thread, "resumeGoal", {
    options: { signal: true, durations: ["startTimeoutMs", "idleTimeoutMs", "timeoutMs"] },
  }),
  "Thread.goal": on(({ thread }) => thread, "goal", { options: request }),
  "Thread.clearGoal": on(({ thread }) => thread, "clearGoal", { options: request }),
  "Thread.archive": on(({ thread }) => thread, "archive", { options: request }),
  "Thread.delete": on(({ thread }) => thread, "delete", { options: request }),
  "Thread.review": on(({ thread }) => thread, "review", {
    required: [{ target: { type: "uncommittedChanges" } }],
  }),
  "Thread.review (options)": on(({ thread }) => thread, "review", {
    options: request,
    given: { target: { type: "uncommittedChanges" } },
  }),
  "Thread.fork": on(({ thread }) => thread, "fork", { options: request }),

  "TurnHandle.steer": on(({ turn }) => turn, "steer", { required: ["text"], options: request }),
  "TurnHandle.stream": on(({ turn }) => turn, "stream"),
  "TurnHandle.run": on(({ turn }) => turn, "run"),
  "TurnHandle.interrupt": on(({ turn }) => turn, "interrupt", { options: request }),
  "GoalHandle.steer": on(({ goal }) => goal, "steer", { required: ["text"], options: request }),
  "GoalHandle.stream": on(({ goal }) => goal, "stream"),
  "GoalHandle.run": on(({ goal }) => goal, "run"),
  "GoalHandle.pause": on(({ goal }) => goal, "pause", { options: request }),
  "GoalHandle.interrupt": on(({ goal }) => goal, "interrupt", { options: request }),
  "LoginHandle.wait": on(({ login }) => login, "wait", { options: waiting }),
  "LoginHandle.cancel": on(({ login }) => login, "cancel", { options: request }),

  "new CodexClient": {
    call: (_world, args) => new lowLevel.CodexClient(...(args as [])),
    options: { durations: ["startTimeoutMs", "closeTimeoutMs"] },
  },
  "CodexClient.start": on(({ codex }) => codex.client, "start"),
  "CodexClient.request": on(({ codex }) => codex.client, "request", {
    required: ["model/list"],
    between: [{}],
    options: { signal: true, durations: ["timeoutMs"] },
  }),
  "CodexClient.notify": on(({ codex }) => codex.client, "notify", {
    required: ["initialized"],
  }),
  "CodexClient.notifications": on(({ codex }) => codex.client, "notifications", {
    options: waiting,
  }),
  "CodexClient.onNotification": on(({ codex }) => codex.client, "onNotification", {
    required: [() => undefined],
  }),
  "CodexClient.onServerRequest": on(({ codex }) => codex.client, "onServerRequest", {
    required: ["item/tool/call", () => undefined],
  }),
  "CodexClient.close": on(({ codex }) => codex.client, "close"),

  fileThreadStore: free(root.fileThreadStore, { required: ["threads"] }),
  threadStoreContracts: free(testing.threadStoreContracts, { required: [() => undefined] }),
  startHarness: {
    // A harness that was started in spite of its options must not stay behind.
    call: async (_world, args) => (await testing.startHarness(...(args as []))).close(),
    options,
  },
  message: free(testing.message, { required: ["text"], options }),
  streamedMessage: free(testing.streamedMessage, { required: [["text"]], options }),
  reasoning: free(testing.reasoning, { required: ["text"], options }),
  functionCall: free(testing.functionCall, { required: ["name", {}], options }),
  shellCall: free(testing.shellCall, { required: ["ls"] }),
  usage: free(testing.usage, { required: [{}] }),
  applyPatch: free(testing.applyPatch, { required: ["patch"] }),
  rawSse: free(testing.rawSse, { required: ["text"] }),
  delay: free(testing.delay, { required: [1], numbers: [0] }),
  failure: free(testing.failure, { required: ["code", "text"] }),
  truncation: free(testing.truncation),
  destroySocket: free(testing.destroySocket),
  httpStatus: free(testing.httpStatus, { required: [500], numbers: [0], options }),
  "ScriptedModel.enqueue": on(({ model }) => model, "enqueue", {
    required: [testing.message("text")],
    mayBeEmpty: true,
  }),
  "ScriptedModel.reply": on(({ model }) => model, "reply", { required: ["text"], options }),
  "ScriptedModel.streamText": on(({ model }) => model, "streamText", {
    required: [["text"]],
    options,
  }),
  "ScriptedModel.callFunction": on(({ model }) => model, "callFunction", {
    required: ["name", {}],
    options,
  }),
  "ScriptedModel.fail": on(({ model }) => model, "fail", { required: ["code", "text"] }),
  "ScriptedModel.respond": on(({ model }) => model, "respond", { required: [() => []] }),
  "ScriptedModel.gate": on(({ model }) => model, "gate"),
  "ScriptedModel.waitForRequests": on(({ model }) => model, "waitForRequests", {
    required: [1],
    numbers: [0],
    options: waiting,
  }),
  "ScriptedModel.close": on(({ model }) => model, "close"),
};

/** Methods that only the SDK itself calls. */
export const INTERNAL = new Set(["TurnHandle.runJoined", "CodexClient.dispatch"]);
