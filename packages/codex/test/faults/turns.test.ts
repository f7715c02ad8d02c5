import { describe, expect, it } from "vitest";

import { TurnFailedError } from "../../src/index.js";
import type { FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  delta,
  itemCompleted,
  sends,
  turn,
  turnCompleted,
  turnStarted,
  usageOf,
  usageUpdated,
  wholeTurn,
} from "../support/wire.js";

describe("a turn", () => {
  it("that failed rejects with its error and all that came, and is not an empty success", async () => {
    const turnError = { message: "quota", codexErrorInfo: "usageLimitExceeded" };
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          answersTurn,
          ...sends(
            itemCompleted(agentMessage("half")),
            turnCompleted("turn-1", "thread-1", "failed", { error: turnError as never }),
          ),
        ],
      },
    });
    const error = await rejectionOf((await fake.codex.startThread()).run("go"));
    expect(error).toBeInstanceOf(TurnFailedError);
    expect(error).toMatchObject({
      code: "USAGE_LIMIT",
      message: "quota (wait until the limit resets (codex.rateLimits()), or use another plan)",
      turnError,
      result: { status: "failed", items: [agentMessage("half")] },
    });
  });

  it("that is interrupted returns with that status; the wire has both ids, and a second interrupt does nothing", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnStarted(), itemCompleted(agentMessage("half")))],
        "turn/interrupt": [
          ...sends(turnCompleted("turn-1", "thread-1", "interrupted")),
          { answer: {} },
        ],
      },
    });
    const handle = await (await fake.codex.startThread()).turn("go");
    const run = handle.run();
    await handle.interrupt();
    expect(await run).toMatchObject({ status: "interrupted", items: [agentMessage("half")] });
    await handle.interrupt();
    expect(fake.server.received("turn/interrupt").map(({ params }) => params)).toEqual([
      { threadId: "thread-1", turnId: "turn-1" },
    ]);
  });

  it("gets its own events and usage alone, with others' between them", async () => {
    const ids = [
      ["a", "thread-1"],
      ["b", "thread-2"],
      ["c", "thread-3"],
    ] as const;
    const events = ids.map(([id, threadId], i) => [
      turnStarted(id, threadId),
      delta(`${id}1`, id, threadId),
      usageUpdated(10 + i, id, threadId),
      itemCompleted(agentMessage(`from ${id}`), id, threadId),
      turnCompleted(id, threadId),
    ]);
    const interleaved = [0, 1, 2, 3, 4].flatMap((i) =>
      events.flatMap((list) => list.slice(i, i + 1)),
    );
    const stray = usageUpdated(999, "unknown", "thread-1");
    await using fake = await createFakeCodex({
      on: {
        "thread/start": ids.map(([, id]) => [{ answer: { thread: { id, turns: [] } } }]),
        "turn/start": ids.map(([id], i): FakeAction[] => [
          { answer: { turn: turn(id, "inProgress") } },
          ...(i === 2 ? sends(stray, ...interleaved) : []),
        ]),
      },
    });
    const notifications = fake.codex.notifications();
    const handles = [];
    for (const _id of ids) {
      // In this order, so that each thread gets its own turn of the script.
      // oxlint-disable-next-line no-await-in-loop
      handles.push(await (await fake.codex.startThread()).turn("go"));
    }
    const results = await Promise.all(handles.map((handle) => handle.run()));
    expect(results.map(({ id, finalResponse, usage }) => ({ id, finalResponse, usage }))).toEqual(
      ids.map(([id], i) => ({ id, finalResponse: `from ${id}`, usage: usageOf(10 + i) })),
    );
    expect((await notifications.next()).value).toEqual(stray);
  });

  it("passes on unknown notifications, items and statuses of a newer runtime", async () => {
    const newer = [
      { method: "thread/queue/changed2", params: { turnId: "turn-1", queue: [1] } },
      itemCompleted({ type: "holoDeck", x: 1 }),
      itemCompleted({ type: "collabToolCall", id: "i", extra: { deep: true } }),
      {
        method: "thread/tokenUsage/updated",
        params: { turnId: "turn-1", tokenUsage: usageOf(3), x: 1 },
      },
      turnCompleted("turn-1", "thread-1", "paused2"),
    ];
    const global = { method: "future/global", params: [1, 2] };
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(global, ...newer)],
      },
    });
    const notifications = fake.codex.notifications();
    const handle = await (await fake.codex.startThread()).turn("go");
    // Nobody can tell what an unknown status means, but all that came is there.
    expect(await rejectionOf(handle.run())).toMatchObject({
      code: "TURN_INCOMPLETE",
      message: expect.stringContaining('"paused2"'),
      turn: {
        items: [
          { type: "holoDeck", x: 1 },
          { type: "collabToolCall", id: "i", extra: { deep: true } },
        ],
      },
    });
    expect((await notifications.next()).value).toEqual(global);
  });

  it("is not broken by an event without what the types call required", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          answersTurn,
          ...sends(
            { method: "item/started", params: { threadId: "thread-1", turnId: "turn-1" } },
            { method: "item/completed", params: { threadId: "thread-1", turnId: "turn-1" } },
            {
              method: "thread/tokenUsage/updated",
              params: { threadId: "thread-1", turnId: "turn-1" },
            },
            itemCompleted(agentMessage("ok")),
            {
              method: "turn/completed",
              params: { threadId: "thread-1", turn: { id: "turn-1", status: "completed" } },
            },
          ),
        ],
      },
    });
    expect(await (await fake.codex.startThread()).run("go")).toMatchObject({
      status: "completed",
      finalResponse: "ok",
    });
  });
});

describe("a stored thread", () => {
  it("that cannot be resumed rejects with the runtime's message; only what was given is sent", async () => {
    const message = "no rollout found for thread id X-1";
    await using fake = await createFakeCodex({
      on: { "thread/resume": [[{ error: { code: -32600, message } }], answersThread] },
    });
    const { codex, server } = fake;
    expect(await rejectionOf(codex.resumeThread("X-1"))).toMatchObject({
      code: "THREAD_NOT_FOUND",
      rpcCode: -32600,
      message: expect.stringContaining(message),
    });
    const thread = await codex.resumeThread("X-1", { model: "m", sandbox: "read-only" });
    expect(thread.id).toBe("thread-1");
    expect(server.received("thread/resume").map(({ params }) => params)).toEqual([
      { threadId: "X-1", excludeTurns: true },
      { threadId: "X-1", excludeTurns: true, model: "m", sandbox: "read-only" },
    ]);
  });

  it("with items of another version is resumed and read as it is, and runs on", async () => {
    const odd = [
      { type: "unknownItem", y: 2 },
      { type: "userMessage", id: "u" },
      { ...agentMessage("a"), phase: "later" },
    ];
    const stored = { id: "thread-1", turns: [{ id: "old", status: "completed", items: odd }] };
    await using fake = await createFakeCodex({
      on: {
        "thread/resume": [{ answer: { thread: stored } }],
        "thread/read": [{ answer: { thread: stored } }],
        "turn/start": wholeTurn("goes on"),
      },
    });
    const thread = await fake.codex.resumeThread("thread-1");
    expect((await thread.read({ includeTurns: true })).thread).toEqual(stored);
    expect((await thread.run("go")).finalResponse).toBe("goes on");
  });
});

it("sends a refused request once, whatever the refusal", async () => {
  const codes = [-32600, -32601, -32602, -32603, -32001];
  await using fake = await createFakeCodex({
    on: { "x/y": codes.map((code) => [{ error: { code, message: "no", data: { code } } }]) },
  });
  for (const rpcCode of codes) {
    // oxlint-disable-next-line no-await-in-loop
    const error = await rejectionOf(fake.codex.client.request("x/y", {}));
    expect(error).toMatchObject({ rpcCode, data: { code: rpcCode }, method: "x/y" });
  }
  const sent = fake.server.received("x/y");
  expect(sent).toHaveLength(codes.length);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(codes.length);
});
