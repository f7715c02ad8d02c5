import { describe, expect, it } from "vitest";

import { TransportClosedError } from "../../src/index.js";
import type { FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { followHostFaults } from "../support/hostFaults.js";
import { exitOfKilled, isAlive } from "../support/processes.js";
import { rejectionOf } from "../support/rejection.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  delta,
  itemCompleted,
  sends,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

followHostFaults();

const isWindows = process.platform === "win32";

const CLOSED_STDOUT: [string, FakeAction[], object] = [
  "closes its stdout",
  [{ close: "stdout" }],
  { exitCode: 0, signal: null },
];

const DEATHS: [string, FakeAction[], object][] = [
  ["exits with 0", [{ exit: 0 }], { exitCode: 0, signal: null }],
  ["exits with 7", [{ exit: 7 }], { exitCode: 7, signal: null }],
  ["is killed", [{ kill: "SIGKILL" }], exitOfKilled("SIGKILL")],
  // Closing a descriptor has no effect on Windows.
  ...(isWindows ? [] : [CLOSED_STDOUT]),
];

describe("a runtime that dies in a turn", () => {
  it.each(DEATHS)("and %s: run() rejects with all that was known", async (_how, death, exit) => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          { stderr: "out of luck\n" },
          answersTurn,
          ...sends(turnStarted(), itemCompleted(agentMessage("half"))),
          ...death,
        ],
      },
    });
    const thread = await fake.codex.startThread();

    const error = await rejectionOf(thread.run("go"));

    expect(error).toBeInstanceOf(TransportClosedError);
    expect(error).toMatchObject({
      code: "TRANSPORT_CLOSED",
      stderrTail: "out of luck",
      turn: { threadId: "thread-1", turnId: "turn-1", items: [agentMessage("half")] },
      ...exit,
    });
    expect(await rejectionOf(thread.read())).toMatchObject({ code: "TRANSPORT_CLOSED", ...exit });
    expect(await rejectionOf(fake.codex.start())).toMatchObject({ code: "TRANSPORT_CLOSED" });
  });

  it("gives stream() every event before the same error", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          { together: [answersTurn, ...sends(turnStarted(), itemCompleted(agentMessage("half")))] },
          { exit: 0 },
        ],
      },
    });
    const handle = await (await fake.codex.startThread()).turn("go");
    const methods: string[] = [];
    const reading = (async () => {
      for await (const { method } of handle.stream()) methods.push(method);
    })();
    expect(await rejectionOf(reading)).toMatchObject({
      code: "TRANSPORT_CLOSED",
      turn: { turnId: "turn-1", items: [agentMessage("half")] },
    });
    expect(methods).toEqual(["turn/started", "item/completed"]);
  });

  it.each([
    ["before any of it", 0],
    ["after turn/started", 1],
    ["after a delta", 2],
    ["after the item", 3],
  ])("ends the turn %s", async (_when, count) => {
    const events = [turnStarted(), delta("h"), itemCompleted(agentMessage("h"))].slice(0, count);
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(...events), { kill: "SIGKILL" }],
      },
    });
    const thread = await fake.codex.startThread();
    expect(await rejectionOf(thread.run("go"))).toMatchObject({
      code: "TRANSPORT_CLOSED",
      turn: { items: count === 3 ? [agentMessage("h")] : [] },
    });
  });

  it("does not undo a turn whose completion had been written", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnCompleted()), { exit: 1 }],
      },
    });
    const thread = await fake.codex.startThread();
    expect((await thread.run("go")).status).toBe("completed");
  });

  // Closing a descriptor has no effect on Windows.
  it.skipIf(isWindows)(
    "reports that it was killed for a stdout it closed, and nothing like that when it just died",
    async () => {
      const dieBy = async (death: FakeAction[]) => {
        await using fake = await createFakeCodex({ on: { die: death } });
        return String(await rejectionOf(fake.codex.client.request("die", {})));
      };
      const stubborn: FakeAction[] = [{ ignore: "stdinEnd" }, { close: "stdout" }];
      expect(await dieBy(stubborn)).toContain("(signal SIGTERM, after it closed its stdout)");
      expect(await dieBy([{ kill: "SIGKILL" }])).toContain("(signal SIGKILL).");
    },
  );
});

// Closing a descriptor has no effect on Windows.
describe.skipIf(isWindows)("a runtime that reads nothing any more", () => {
  it("and ends while a large prompt is written rejects with its exit", async () => {
    await using fake = await createFakeCodex({
      on: { "thread/start": [...answersThread, { close: "stdin" }, { delay: 20 }, { exit: 7 }] },
    });
    const thread = await fake.codex.startThread();
    expect(await rejectionOf(thread.run("x".repeat(1_000_000)))).toMatchObject({
      code: "TRANSPORT_CLOSED",
      exitCode: 7,
    });
  });

  it("and lives on is ended, with all waiters", async () => {
    await using fake = await createFakeCodex({
      on: { "thread/start": [...answersThread, { close: "stdin" }] },
    });
    await fake.codex.startThread();
    const { client } = fake.codex;
    const errors = await Promise.all([
      rejectionOf(client.request("big", { text: "x".repeat(8 * 1024 * 1024) })),
      rejectionOf(client.notify("small")),
    ]);
    for (const error of errors) {
      expect(error).toMatchObject({ code: "TRANSPORT_CLOSED", ...exitOfKilled("SIGTERM") });
      expect(String(error)).toContain("after it closed its stdin");
    }
    expect(errors[0]).not.toBe(errors[1]);
  });

  it("holds up nothing but what is written: what it sends still arrives", async () => {
    await using fake = await createFakeCodex(
      {
        on: {
          stop: [{ answer: "stopped" }, { stopReading: true }, ...sends({ method: "still/here" })],
        },
      },
      { closeTimeoutMs: 100 },
    );
    const notifications = fake.codex.notifications();
    expect(await fake.codex.client.request("stop", {})).toBe("stopped");
    const pending = rejectionOf(
      fake.codex.client.request("any", { text: "x".repeat(1024 * 1024) }),
    );
    expect((await notifications.next()).value).toEqual({ method: "still/here" });
    await fake.codex.close();
    expect(await pending).toMatchObject({ code: "CLOSED" });
  });
});

describe("a process that keeps the runtime's pipes open", () => {
  it.each([
    ["in the runtime's group", {}],
    ["in the runtime's group, writing", { chatty: true }],
  ])("%s goes with it", async (_where, grandchild) => {
    await using fake = await createFakeCodex({ on: { die: [{ grandchild }, { exit: 3 }] } });
    expect(await rejectionOf(fake.codex.client.request("die", {}))).toMatchObject({ exitCode: 3 });
  });

  it.each([
    ["quiet", {}],
    ["writing", { chatty: true }],
  ])("in a group of its own holds up neither the end nor close(), %s", async (_how, kind) => {
    const grandchild = { ...kind, ownGroup: true };
    await using fake = await createFakeCodex({ on: { die: [{ grandchild }, { exit: 0 }] } });
    expect(await rejectionOf(fake.codex.client.request("die", {}))).toMatchObject({ exitCode: 0 });
    await fake.codex.close();
    // It is not the runtime's any more, and lives on: the test ends it.
    const left = fake.server.pids.filter(isAlive);
    expect(left).toHaveLength(1);
    for (const pid of left) process.kill(pid, "SIGKILL");
  });
});
