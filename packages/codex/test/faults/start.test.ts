import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import { Codex, CodexClosedError, CodexStartError } from "../../src/index.js";
import { FakeAppServer } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { followHostFaults } from "../support/hostFaults.js";
import { isAlive } from "../support/processes.js";
import { rejectionOf } from "../support/rejection.js";
import { answersThread, initializeResult } from "../support/wire.js";

followHostFaults();

describe("a start", () => {
  it("is shared by all who need it at the same time", async () => {
    await using fake = await createFakeCodex({ on: { "thread/start": answersThread } });
    const { codex, server } = fake;
    await Promise.all([codex.start(), codex.startThread(), codex.start(), codex.startThread()]);
    expect(server.starts).toHaveLength(1);
    expect(server.received("initialize")).toHaveLength(1);
    expect(server.received("initialized")).toEqual([{ method: "initialized" }]);
  });

  it("of an executable that is missing rejects each call, and is not a fault of the host", async () => {
    const codex = new Codex({ codexPath: "/no/such/codex" });
    for (const call of [codex.startThread(), codex.start(), codex.startThread()]) {
      const error = await rejectionOf(call);
      expect(error).toBeInstanceOf(CodexStartError);
      expect(error).toMatchObject({ code: "RUNTIME_NOT_FOUND" });
      expect(String(error)).toMatch(/\/no\/such\/codex.*ENOENT/);
    }
    await codex.close();
  });

  it("of a command line that cannot be found names the missing file", async () => {
    const codex = new Codex({ launchArgs: ["/no/such/program", "app-server"] });
    expect(await rejectionOf(codex.start())).toMatchObject({
      code: "RUNTIME_NOT_FOUND",
      message: expect.stringContaining("/no/such/program"),
    });
    await codex.close();
  });

  // The executable is a shell script.
  it.skipIf(process.platform === "win32")(
    "distinguishes a folder, a file that is not executable and a script without its interpreter",
    async () => {
      await using server = await FakeAppServer.create();
      const folder = dirname(await server.executable());
      await mkdir(join(folder, "package"));
      await writeFile(join(folder, "plain"), "#!/bin/sh\n", { mode: 0o644 });
      await writeFile(join(folder, "script"), "#!/no/such/interpreter\n");
      await chmod(join(folder, "script"), 0o755);
      const errors = await Promise.all(
        ["package", "plain", "script"].map(async (name) => {
          await using codex = new Codex({ codexPath: join(folder, name) });
          return await rejectionOf(codex.start());
        }),
      );
      expect(errors).toMatchObject([
        { code: "RUNTIME_NOT_FOUND", message: expect.stringContaining("is a directory") },
        {
          code: "RUNTIME_NOT_EXECUTABLE",
          message: expect.stringContaining("not executable (EACCES)"),
        },
        {
          code: "RUNTIME_NOT_EXECUTABLE",
          message: expect.stringMatching(/could not be started \(ENOENT\)[^]*interpreter[^]*libc/),
        },
      ]);
      expect(errors.every((error) => error instanceof CodexStartError)).toBe(true);
    },
  );

  it("of a runtime that exits at once rejects with its status and its stderr", async () => {
    await using fake = await createFakeCodex({ start: [{ stderr: "boom\n" }, { exit: 1 }] });
    const error = await rejectionOf(fake.codex.start());
    expect(error).toBeInstanceOf(CodexStartError);
    expect(error).toMatchObject({
      code: "RUNTIME_EXITED",
      exitCode: 1,
      signal: null,
      stderrTail: "boom",
      message: expect.stringContaining("boom"),
    });
  });

  it("of a runtime that never answers rejects in time, with its process gone", async () => {
    await using fake = await createFakeCodex(
      { start: [{ ignore: "stdinEnd" }, { ignore: "SIGTERM" }], on: { initialize: [] } },
      { startTimeoutMs: 500, closeTimeoutMs: 300 },
    );
    const began = performance.now();
    const error = await rejectionOf(fake.codex.start());
    expect(error).toMatchObject({
      code: "START_TIMEOUT",
      message: expect.stringContaining("500 ms"),
    });
    // Half a second to answer, and two steps of the end: nowhere near the thirty seconds of a hang.
    expect(performance.now() - began).toBeLessThan(5000);
    expect(fake.server.pids.filter(isAlive)).toEqual([]);
  });

  it.each([
    ["no metadata", { answer: { userAgent: "" } }, "PROTOCOL"],
    ["a refusal", { error: { code: -32600, message: "no" } }, "INVALID_REQUEST"],
  ])("whose initialize brings %s leaves no process", async (_what, action, code) => {
    await using fake = await createFakeCodex({ on: { initialize: [action] } });
    expect(await rejectionOf(fake.codex.start())).toMatchObject({ code });
    expect(fake.server.pids.filter(isAlive)).toEqual([]);
    expect(fake.server.received("initialized")).toEqual([]);
  });

  it("that failed can be tried again, and the requests of the first runtime have ended", async () => {
    const question = { send: { id: 1, method: "future/question" } };
    await using fake = await createFakeCodex({
      firstStart: [question, { exit: 4 }],
      start: [question],
      on: { "thread/start": answersThread, "answer 1": [{ send: { method: "answered" } }] },
    });
    const { client } = fake.codex;
    const signals: AbortSignal[] = [];
    client.onServerRequest("future/question", (_params, { signal }) => {
      signals.push(signal);
      return signals.length === 1 ? new Promise(() => {}) : "an answer";
    });
    const early = client.notifications();
    expect(await rejectionOf(fake.codex.start())).toMatchObject({ exitCode: 4 });
    expect(await rejectionOf(early.next())).toMatchObject({ exitCode: 4 });

    const notifications = client.notifications();
    expect((await fake.codex.startThread()).id).toBe("thread-1");

    expect((await notifications.next()).value).toEqual({ method: "answered" });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(fake.server.answers()).toEqual([{ id: 1, result: "an answer" }]);
  });

  it("that is closed meanwhile rejects, and leaves no process", async () => {
    await using fake = await createFakeCodex({ on: { initialize: [] } });
    const calls = [fake.codex.start(), fake.codex.startThread()].map(rejectionOf);
    await Promise.all([fake.codex.close(), fake.codex.close()]);
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(CodexClosedError);
    expect(await rejectionOf(fake.codex.start())).toBeInstanceOf(CodexClosedError);
    expect(fake.server.pids.filter(isAlive)).toEqual([]);
  });

  it("is ended in whatever tick it is closed, and never leaves a runtime", async () => {
    const closeAfter = async (ticks: number) => {
      // The question comes with the answer to initialize, in the very tick in which the start goes on.
      const together = [{ answer: initializeResult() }, { send: { id: 1, method: "now" } }];
      await using fake = await createFakeCodex({ on: { initialize: [{ together }] } });
      const { codex } = fake;
      const closing = new Promise<void>((resolve) => {
        codex.client.onServerRequest("now", async () => {
          // oxlint-disable-next-line no-await-in-loop
          for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
          if (ticks > 4) await new Promise(setImmediate);
          resolve(codex.close());
        });
      });
      const outcome = await codex.start().then(
        () => "started",
        (error: unknown) => error,
      );
      await closing;
      expect(outcome === "started" || outcome instanceof CodexClosedError).toBe(true);
      expect(await rejectionOf(codex.start())).toBeInstanceOf(CodexClosedError);
      expect(fake.server.pids.filter(isAlive)).toEqual([]);
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(closeAfter));
  });

  it("is ended when it is closed between the end of the handshake and its own", async () => {
    await using fake = await createFakeCodex({});
    const { codex, server } = fake;
    const { throwIfAborted } = AbortSignal.prototype;
    let closing: Promise<void> | undefined;
    // The start's last look at its signal: what is queued here runs before the start goes on.
    vi.spyOn(AbortSignal.prototype, "throwIfAborted").mockImplementation(function (
      this: AbortSignal,
    ) {
      throwIfAborted.call(this);
      queueMicrotask(() => (closing ??= codex.close()));
    });
    expect(await rejectionOf(codex.start())).toBeInstanceOf(CodexClosedError);
    await closing;
    expect(server.received("initialized")).toHaveLength(1);
    expect(server.pids.filter(isAlive)).toEqual([]);
  });
});

describe("the version of the runtime", () => {
  it.each(["0.1.0", "99.9.9"])(
    "is shown beside the pin, and a mismatch reported once: %s",
    async (version) => {
      const diagnostics: unknown[] = [];
      await using fake = await createFakeCodex(
        {
          on: {
            initialize: [{ answer: initializeResult({ version }) }],
            "thread/start": answersThread,
          },
        },
        { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
      );
      await fake.codex.startThread();
      await fake.codex.startThread();
      const { serverInfo, pinnedVersion } = fake.codex.metadata;
      expect(serverInfo).toEqual({ name: "codex_typescript_sdk", version });
      expect(diagnostics).toEqual([
        { kind: "versionMismatch", runtimeVersion: version, pinnedVersion },
      ]);
    },
  );

  it("is not reported when it is the pinned version", async () => {
    const { CODEX_VERSION } = await import("../../src/index.js");
    const diagnostics: unknown[] = [];
    await using fake = await createFakeCodex(
      { on: { initialize: [{ answer: initializeResult({ version: CODEX_VERSION }) }] } },
      { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    );
    await fake.codex.start();
    expect([fake.codex.metadata.serverInfo.version, diagnostics]).toEqual([CODEX_VERSION, []]);
  });
});
