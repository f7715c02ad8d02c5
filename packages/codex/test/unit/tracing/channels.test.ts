import { AsyncLocalStorage } from "node:async_hooks";

import { describe, expect, it } from "vitest";

import { Codex, tool } from "../../../src/index.js";
import { CODEX_CHANNELS } from "../../../src/tracing/channels.js";
import { ChannelLog } from "../../support/channelLog.js";
import { answer, scriptedClient, settle } from "../../support/scriptedClient.js";
import {
  agentMessage,
  itemCompleted,
  THREAD,
  turn,
  turnCompleted,
  turnStarted,
  usageUpdated,
} from "../../support/wire.js";

const SECRET = "sk-proj-0123456789abcdefghijklmnopqrstuv";
const PROMPT = "the text of the prompt";
const REPLY = "the text of the reply";

const asks = (id: number, method: string, turnId: string, params: object = {}) => ({
  id,
  method,
  params: { threadId: THREAD, turnId, ...params },
});

const callsTool = (id: number, turnId: string, query = PROMPT) =>
  asks(id, "item/tool/call", turnId, {
    callId: `call-${id}`,
    tool: "look_up",
    arguments: { query },
  });

const asksForCommand = (id: number, turnId: string) =>
  asks(id, "item/commandExecution/requestApproval", turnId, {
    itemId: "item-9",
    command: PROMPT,
    kind: "command",
  });

const lookUp = (execute: (input: unknown) => string | Promise<string>) =>
  tool({ name: "look_up", description: "Looks up.", inputSchema: { type: "object" }, execute });

const opensThread = answer({
  thread: { id: THREAD, status: { type: "idle" } },
  model: "gpt-5",
  modelProvider: "openai",
});

const startsTurn = (id: string) => [answer({ turn: turn(id, "inProgress") }), turnStarted(id)];

describe("the channels of a client", () => {
  it("follow a turn with a tool and an approval from the start of the runtime to its close, without any content", async () => {
    using log = new ChannelLog();
    const client = await scriptedClient(
      {
        "thread/start": [[opensThread]],
        "turn/start": [
          [...startsTurn("turn-1"), callsTool(7, "turn-1"), asksForCommand(8, "turn-1")],
        ],
      },
      { env: { OPENAI_API_KEY: SECRET } },
    );
    {
      await using _client = client;
      const tools = [lookUp(() => SECRET)];
      const thread = await client.codex.startThread({ tools, onApproval: () => "accept" });
      const running = thread.run(PROMPT);
      await settle();
      client.runtime.send(itemCompleted(agentMessage(REPLY)), usageUpdated(42), turnCompleted());
      await running;
    }
    const durationMs = expect.any(Number);
    const ids = { threadId: THREAD, turnId: "turn-1" };
    expect(log.at("start asyncEnd")).toEqual([
      { transport: "stdio", runtimeVersion: expect.any(String), durationMs },
    ]);
    const requests = log.at("request asyncEnd");
    expect(requests.map(({ method }) => method)).toEqual(
      expect.arrayContaining(["initialize", "thread/start", "turn/start"]),
    );
    expect(requests.at(-1)).toEqual({
      method: "turn/start",
      threadId: THREAD,
      turnId: undefined,
      durationMs,
    });
    expect(log.at("notification").map(({ method }) => method)).toEqual([
      "turn/started",
      "item/completed",
      "thread/tokenUsage/updated",
      "turn/completed",
    ]);
    expect(log.at("serverRequest asyncEnd")).toEqual([
      { method: "item/tool/call", ...ids, response: "result", durationMs },
      {
        method: "item/commandExecution/requestApproval",
        ...ids,
        response: "result",
        durationMs,
      },
    ]);
    expect(log.at("tool asyncEnd")).toEqual([
      { tool: "look_up", callId: "call-7", ...ids, isSuccess: true, durationMs },
    ]);
    expect(log.at("approval asyncEnd")).toEqual([
      { kind: "command", ...ids, itemId: "item-9", decision: "accept", durationMs },
    ]);
    expect(log.at("turn asyncEnd")).toEqual([
      {
        method: "turn/start",
        ...ids,
        model: "gpt-5",
        modelProvider: "openai",
        status: "completed",
        usage: expect.objectContaining({ inputTokens: 42 }),
        durationMs,
      },
    ]);
    expect(log.at("close")).toEqual([
      { durationMs, error: expect.objectContaining({ code: "CLOSED" }) },
    ]);
    const published = JSON.stringify(log.all);
    for (const content of [SECRET, PROMPT, REPLY]) expect(published).not.toContain(content);
  });

  it("follow a turn to its failure, with an error whose text is masked", async () => {
    using log = new ChannelLog(["turn"]);
    await using client = await scriptedClient({
      "turn/start": [
        [
          ...startsTurn("turn-1"),
          turnCompleted("turn-1", THREAD, "failed", {
            error: {
              message: `refused ${SECRET}`,
              codexErrorInfo: null,
              additionalDetails: null,
              misalignment: null,
            },
          }),
        ],
      ],
    });
    const thread = await client.codex.startThread();
    const failure = await thread.run(PROMPT).catch((error: unknown) => error);
    const [trace] = log.at("turn asyncEnd");
    expect(trace).toMatchObject({ status: "failed", error: { code: "TURN_FAILED" } });
    expect(String(trace?.["error"])).toBe(String(failure));
    expect(JSON.stringify(trace?.["error"]) + String(trace?.["error"])).not.toContain(SECRET);
    expect(log.at("turn error")).toHaveLength(1);
  });

  it.each<[string, (client: Awaited<ReturnType<typeof scriptedClient>>) => unknown, object]>([
    [
      "the turn is interrupted",
      ({ runtime }) => runtime.send(turnCompleted("turn-1", THREAD, "interrupted")),
      { status: "interrupted" },
    ],
    ["the client is closed", ({ codex }) => codex.close(), { error: { code: "CLOSED" } }],
    ["the runtime dies", ({ runtime }) => runtime.exit(3), { error: { code: "TRANSPORT_CLOSED" } }],
    [
      "the thread is gone",
      ({ runtime }) => runtime.send({ method: "thread/closed", params: { threadId: THREAD } }),
      { error: { code: "TURN_INCOMPLETE" } },
    ],
  ])("end each operation that is open, once, when %s", async (_how, stop, expected) => {
    using log = new ChannelLog();
    await using client = await scriptedClient({
      "turn/start": [
        [...startsTurn("turn-1"), callsTool(7, "turn-1"), asksForCommand(8, "turn-1")],
      ],
    });
    const never = () => new Promise<never>(() => {});
    const thread = await client.codex.startThread({ tools: [lookUp(never)], onApproval: never });
    const running = thread.run(PROMPT).catch(() => undefined);
    await settle();
    expect(log.stepsOf("turn")).toEqual(["start", "end"]);
    await stop(client);
    await running;
    await settle();
    expect(log.at("turn asyncEnd")).toEqual([expect.objectContaining({})]);
    expect(log.at("turn asyncEnd")[0]).toMatchObject(expected);
    await client.codex.close();
    for (const key of ["start", "request", "serverRequest", "turn", "tool", "approval"]) {
      const counts = ["start", "asyncEnd"].map((step) => log.at(`${key} ${step}`).length);
      expect([key, counts[1]]).toEqual([key, counts[0]]);
      expect(new Set(log.at(`${key} asyncEnd`)).size).toBe(counts[1]);
    }
  });

  it.each<[string, object[]]>([
    ["the runtime refuses it", [{ id: "$id", error: { code: -32600, message: "no" } }]],
    ["the caller leaves before the response", []],
  ])("end a turn whose start fails as %s", async (_how, response) => {
    using log = new ChannelLog(["turn"]);
    await using client = await scriptedClient({ "turn/start": [response] });
    const thread = await client.codex.startThread();
    const controller = new AbortController();
    const running = thread.run(PROMPT, { signal: controller.signal }).catch((error) => error);
    await settle();
    controller.abort();
    expect(await running).toBeInstanceOf(Error);
    expect(log.stepsOf("turn")).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    expect(log.at("turn asyncEnd")[0]).toMatchObject({ error: expect.any(Error) });
  });

  it("follow a start that fails", async () => {
    using log = new ChannelLog(["start", "close"]);
    await using codex = new Codex({ codexPath: "/no/such/file" });
    const failure = await codex.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(log.at("start asyncEnd")).toEqual([
      { transport: "stdio", error: failure, durationMs: expect.any(Number) },
    ]);
    expect(log.at("close")).toEqual([]);
  });

  it("have names that begin with the package's, each once", () => {
    const names = Object.values(CODEX_CHANNELS);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^codex:[a-zA-Z]+$/);
  });
});

describe("a handler of the application", () => {
  it("runs in the async context of the caller whose turn asks, not of the caller that started the runtime", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const note = (what: string) => {
      seen.push([what, store.getStore()]);
      return what;
    };
    await using client = await scriptedClient({
      "turn/start": [startsTurn("turn-1"), startsTurn("turn-2")],
    });
    const tools = [lookUp(() => note("tool"))];
    const { codex, runtime } = client;
    const thread = await store.run("starter", () =>
      codex.startThread({
        tools,
        onApproval: () => {
          note("approval");
          return "accept";
        },
      }),
    );
    codex.client.onServerRequest("x/other", () => note("other"));
    for (const turnId of ["turn-1", "turn-2"]) {
      const running = store.run(`caller of ${turnId}`, () => thread.run(PROMPT));
      // oxlint-disable-next-line no-await-in-loop
      await settle();
      runtime.send(callsTool(7, turnId), asksForCommand(8, turnId));
      // oxlint-disable-next-line no-await-in-loop
      await settle();
      runtime.send(turnCompleted(turnId));
      // oxlint-disable-next-line no-await-in-loop
      await running;
    }
    runtime.send({ id: 9, method: "x/other", params: {} });
    await settle();
    expect(seen).toEqual([
      ["tool", "caller of turn-1"],
      ["approval", "caller of turn-1"],
      ["tool", "caller of turn-2"],
      ["approval", "caller of turn-2"],
      ["other", undefined],
    ]);
  });
});
