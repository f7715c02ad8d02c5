import { type Codex, CodexClosedError, tool } from "../../src/index.js";
import { goalOf, goalUpdated } from "./goalMessages.js";
import type { Play } from "./linkedRuntime.js";
import { itemStarted, notification, turn, turnCompleted, turnStarted } from "./wire.js";

/** Everything that can wait for a message of the runtime. */
export const CONSUMERS = [
  "turn.stream()",
  "turn.run()",
  "goal.stream()",
  "codex.notifications()",
  "client.onNotification()",
  "client.request()",
  "codex.models()",
  "login.wait()",
  "onApproval",
  "tool.execute",
  "runCommand.onOutput",
  "the signal of a handler",
  "onDiagnostic",
] as const;

export type Consumer = (typeof CONSUMERS)[number];

/** The id of a request that the runtime sends at the start, and whose handler waits for its signal. */
const OPEN_REQUEST = "request-0";

/** Threads of the test, one for each consumer that takes a thread to itself. */
const THREADS = { stream: "thread-1", run: "thread-2", goal: "thread-3" } as const;

/** State of the client that a message depends on. */
export interface Open {
  /** Ids of the unanswered requests, by method; of a command, its process id. */
  readonly requests: Map<string, unknown>;
  serverRequests: number;
}

/** Starts one consumer of each kind; returns what they wait for. */
export async function startConsumers(
  codex: Codex,
  see: (consumer: Consumer) => void,
): Promise<Promise<unknown>[]> {
  const work = tool({
    name: "work",
    description: "Works.",
    inputSchema: { type: "object", properties: {} },
    execute: () => {
      see("tool.execute");
      return "done";
    },
  });
  const onApproval = () => {
    see("onApproval");
    return "decline" as const;
  };
  const stream = await codex.startThread({ onApproval, tools: [work] });
  const streamed = await stream.turn("Go.");
  const run = await codex.startThread();
  const ran = await run.turn("Go.");
  const goal = await (await codex.startThread()).startGoal("Build it");
  const login = await codex.loginChatgpt();
  const notified = readAs(codex.notifications(), "test/notifications", () =>
    see("codex.notifications()"),
  );
  codex.client.onServerRequest("attestation/generate", (_params, { signal }) => {
    signal.addEventListener("abort", () => {
      // The end of the client aborts it, too.
      if (!(signal.reason instanceof CodexClosedError)) see("the signal of a handler");
    });
    return new Promise(() => {});
  });
  const command = codex.runCommand(["work"], { onOutput: () => see("runCommand.onOutput") });
  listenTo(codex, () => see("client.onNotification()"));
  return [
    notified,
    command,
    readAs(streamed.stream(), "item/started", () => see("turn.stream()")),
    ran.run().then(() => see("turn.run()")),
    readAs(goal.stream(), "item/started", () => see("goal.stream()")),
    codex.client.request("test/request").then(() => see("client.request()")),
    codex.models().then(() => see("codex.models()")),
    login.wait().then(() => see("login.wait()")),
  ];
}

async function readAs(
  events: AsyncIterable<{ readonly method: string }>,
  method: string,
  see: () => void,
): Promise<void> {
  for await (const event of events) if (event.method === method) see();
}

type Listen = (listener: (message: { readonly method: string }) => void) => () => void;

/** The synchronous listener of the low-level client, in a version that has it. */
export function listenerOf({ client }: Codex): Listen | undefined {
  const listen: unknown = Reflect.get(client, "onNotification");
  // SAFETY: the member is a function; its signature is that of the public API.
  return typeof listen === "function" ? (listen.bind(client) as Listen) : undefined;
}

function listenTo(codex: Codex, see: () => void): void {
  listenerOf(codex)?.(({ method }) => {
    if (method === "test/listener") see();
  });
}

/** A runtime that starts what the consumers need, and leaves two requests without a response. */
export function toPlay(open: Open): Play {
  let threads = 0;
  return ({ id, method, params }, send) => {
    const { threadId }: { threadId?: string } = Object(params);
    switch (method) {
      case "thread/start":
        threads += 1;
        return send({ id, result: { thread: { id: `thread-${threads}`, turns: [] } } });
      case "thread/read":
        return send({
          id,
          result: { thread: { id: threadId, turns: [], status: { type: "idle" } } },
        });
      case "turn/start":
        return send(
          { id, result: { turn: turn(turnOf(threadId), "inProgress") } },
          turnStarted(turnOf(threadId), threadId),
        );
      case "thread/goal/set":
        return send(
          { id, result: { goal: { ...goalOf("active"), threadId } } },
          notification("thread/goal/updated", { ...goalUpdated("active").params, threadId }),
          turnStarted(turnOf(threadId), threadId),
        );
      case "account/login/start":
        return send({ id, result: { type: "chatgpt", loginId: "login-1", authUrl: "http://x" } });
      case "test/request":
        open.requests.set(method, id);
        return send({ id: OPEN_REQUEST, method: "attestation/generate", params: {} });
      case "model/list":
        open.requests.set(method, id);
        return undefined;
      case "command/exec":
        open.requests.set(method, Reflect.get(Object(params), "processId"));
        return undefined;
      default:
        return id === undefined || method === undefined ? undefined : send({ id, result: {} });
    }
  };
}

/** The message that `consumer` waits for. */
export function messageFor(consumer: Consumer, open: Open): unknown {
  const { stream, run, goal } = THREADS;
  switch (consumer) {
    case "turn.stream()":
      return itemStarted({ type: "reasoning", id: "item-1" }, turnOf(stream), stream);
    case "goal.stream()":
      return itemStarted({ type: "reasoning", id: "item-2" }, turnOf(goal), goal);
    case "turn.run()":
      return turnCompleted(turnOf(run), run);
    case "codex.notifications()":
      return notification("test/notifications", {});
    case "client.onNotification()":
      return notification("test/listener", {});
    case "client.request()":
      return { id: open.requests.get("test/request"), result: {} };
    case "codex.models()":
      return { id: open.requests.get("model/list"), result: { data: [], nextCursor: null } };
    case "login.wait()":
      return notification("account/login/completed", {
        loginId: "login-1",
        success: true,
        error: null,
      });
    case "runCommand.onOutput": {
      const output = { stream: "stdout", deltaBase64: "eA==", capReached: false };
      const processId = open.requests.get("command/exec");
      return notification("command/exec/outputDelta", { processId, ...output });
    }
    case "the signal of a handler":
      return notification("serverRequest/resolved", { threadId: stream, requestId: OPEN_REQUEST });
    case "onDiagnostic":
      return notification("warning", { threadId: stream, message: "Careful." });
    case "onApproval": {
      const facts = { threadId: stream, turnId: turnOf(stream), itemId: "item-1", kind: "command" };
      return request(open, "item/commandExecution/requestApproval", { ...facts, command: "ls" });
    }
    case "tool.execute": {
      const facts = { threadId: stream, turnId: turnOf(stream), callId: "call-1", namespace: null };
      return request(open, "item/tool/call", { ...facts, tool: "work", arguments: {} });
    }
  }
}

function request(open: Open, method: string, params: object): unknown {
  open.serverRequests += 1;
  return { id: `request-${open.serverRequests}`, method, params };
}

function turnOf(threadId: string | undefined): string {
  return `turn of ${threadId}`;
}
