import { getEventListeners } from "node:events";

import { describe, expect, it } from "vitest";

import { CodexClosedError } from "../../src/index.js";
import { ChildProcess } from "../../src/transport/childProcess.js";
import type { FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { isAlive } from "../support/processes.js";
import { rejectionOf } from "../support/rejection.js";
import {
  answersThread,
  answersTurn,
  delta,
  sends,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

describe("close()", () => {
  it("ends stdin, and leaves it to the runtime to go", async () => {
    await using fake = await createFakeCodex({});
    await fake.codex.start();
    await fake.codex.close();
    expect(fake.server.log().at(-1)).toEqual({ kind: "stdinEnded" });
    expect(fake.server.pids.filter(isAlive)).toEqual([]);
  });

  const LADDER: [string, FakeAction[], string[]][] = [
    ["SIGTERM when the end of stdin is ignored", [{ ignore: "stdinEnd" }], ["stdinEnded"]],
    [
      "SIGKILL when SIGTERM is ignored, too",
      [{ ignore: "stdinEnd" }, { ignore: "SIGTERM" }],
      ["stdinEnded", "signal"],
    ],
  ];
  it.each(LADDER)("sends %s", async (_what, start, seen) => {
    await using fake = await createFakeCodex({ start }, { closeTimeoutMs: 300 });
    await fake.codex.start();
    await fake.codex.close();
    const kinds = fake.server.log().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== "started" && kind !== "received")).toEqual(seen);
    expect(fake.server.pids.filter(isAlive)).toEqual([]);
  });

  it("takes the runtime's own children along", async () => {
    await using fake = await createFakeCodex(
      {
        start: [{ ignore: "stdinEnd" }, { grandchild: { chatty: true } }],
      },
      { closeTimeoutMs: 300 },
    );
    await fake.codex.start();
    await fake.codex.close();
    expect(fake.server.pids).toHaveLength(2);
  });

  it("rejects at once all waiters, and each call that comes later", async () => {
    await using fake = await createFakeCodex(
      {
        start: [{ ignore: "stdinEnd" }],
        on: {
          "thread/start": answersThread,
          "turn/start": [answersTurn, ...sends(turnStarted())],
          silent: [],
        },
      },
      { closeTimeoutMs: 300 },
    );
    const { codex } = fake;
    const handle = await (await codex.startThread()).turn("go");
    const stream = handle.stream();
    await stream.next();
    const waiting = [
      ...Array.from({ length: 3 }, () => codex.client.request("silent", {})),
      stream.next(),
      codex.notifications().next(),
    ].map(rejectionOf);
    let isClosed = false;
    const closing = codex.close().then(() => (isClosed = true));

    const errors = await Promise.all(waiting);

    expect(isClosed).toBe(false);
    expect(errors.every((error) => error instanceof CodexClosedError)).toBe(true);
    expect(new Set(errors).size).toBe(errors.length);
    await closing;
    const later = [
      codex.startThread(),
      codex.start(),
      codex.client.notify("x"),
      handle.interrupt(),
    ];
    for (const error of await Promise.all(later.slice(0, 3).map(rejectionOf))) {
      expect(error).toBeInstanceOf(CodexClosedError);
    }
    await later[3];
  });

  it("does nothing the second time, before the start and after the runtime's death", async () => {
    await using unused = await createFakeCodex({});
    await Promise.all([unused.codex.close(), unused.codex.close()]);
    expect(unused.server.starts).toEqual([]);
    await using dead = await createFakeCodex({ on: { die: [{ exit: 1 }] } });
    await rejectionOf(dead.codex.client.request("die", {}));
    await dead.codex.close();
    await dead.codex[Symbol.asyncDispose]();
  });

  it("leaves no handle of the process or its pipes behind", async () => {
    const before = resources();
    for (let i = 0; i < 5; i += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await using fake = await createFakeCodex({ on: { "thread/start": answersThread } });
      // oxlint-disable-next-line no-await-in-loop
      await fake.codex.startThread();
    }
    expect(resources()).toEqual(before);
  });
});

function resources(): Record<string, number> {
  const counts: Record<string, number> = { ProcessWrap: 0, PipeWrap: 0 };
  for (const name of process.getActiveResourcesInfo()) {
    if (name in counts) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("an abort", () => {
  it("after the run does nothing, and leaves no listener", async () => {
    await using fake = await createFakeCodex({
      on: { "thread/start": answersThread, "turn/start": wholeTurn("done") },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const thread = await fake.codex.startThread();
    const handle = await thread.turn("go", { signal });
    for await (const { method } of handle.stream()) if (method === "turn/completed") break;
    expect(getEventListeners(signal, "abort")).toEqual([]);
    controller.abort();
    controller.abort();
    expect(await fake.codex.client.request("thread/start", {})).toBeDefined();
    expect(fake.server.received("turn/interrupt")).toEqual([]);
  });

  it("in a run rejects with the reason itself, interrupts the turn once, and signals nobody", async () => {
    const signals: string[] = [];
    const onSignal = (signal: string) => signals.push(signal);
    process.on("SIGTERM", onSignal);
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [answersTurn, ...sends(turnStarted(), delta("a"))],
        "turn/interrupt": [
          { answer: {} },
          ...sends(turnCompleted("turn-1", "thread-1", "interrupted"), { method: "interrupted" }),
        ],
      },
    });
    const notifications = fake.codex.notifications();
    const controller = new AbortController();
    const thread = await fake.codex.startThread();
    const handle = await thread.turn("go", { signal: controller.signal });
    const run = rejectionOf(handle.run());
    const reason = new Error("user stop");
    controller.abort(reason);
    controller.abort(new Error("again"));

    expect(await run).toBe(reason);
    expect((await notifications.next()).value).toEqual({ method: "interrupted" });
    expect(fake.server.received("turn/interrupt").map(({ params }) => params)).toEqual([
      { threadId: "thread-1", turnId: "turn-1" },
    ]);
    process.off("SIGTERM", onSignal);
    expect(signals).toEqual([]);
  });
});

describe("ChildProcess", () => {
  it("is let go when not even SIGKILL ends it, rather than waited for without an end", async () => {
    const child = await ChildProcess.spawn({
      file: process.execPath,
      args: ["-e", "setTimeout(() => {}, 20_000)"],
      env: process.env,
    });
    const { pid } = child;
    const { kill } = process;
    // As the kernel does for a process that is stuck in it.
    process.kill = () => true;
    try {
      expect(await child.end(20)).toEqual({ exitCode: null, signal: null });
    } finally {
      process.kill = kill;
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
  });

  it("shows no window and runs no shell: what a shell would read is a plain argument", async () => {
    const child = await ChildProcess.spawn({
      file: process.execPath,
      args: ["-e", "process.stdout.write(process.argv[1])", "$(exit 9); `x` | & %PATH% \"q\" 'r'"],
      env: process.env,
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.resume();
    expect(await child.exit).toEqual({ exitCode: 0, signal: null });
    expect(text).toBe("$(exit 9); `x` | & %PATH% \"q\" 'r'");
  });
});
