import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CompiledSdk, compileSdk } from "../support/compiledSdk.js";
import { FakeAppServer } from "../support/fakeAppServer.js";
import { HostProcess } from "../support/hostProcess.js";
import { waitUntilGone } from "../support/processes.js";
import { answersThread, answersTurn, sends, turnStarted, wholeTurn } from "../support/wire.js";

let sdk: CompiledSdk;
beforeAll(async () => {
  sdk = await compileSdk();
});
afterAll(() => sdk[Symbol.asyncDispose]());

/** A host program with a client of the fake; `say` prints a value as a line. */
function hostOf(server: FakeAppServer, body: string): HostProcess {
  return new HostProcess(`
    import { Codex } from ${JSON.stringify(sdk.urlOf("index.js"))};
    const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
    process.on("uncaughtException", (error) => say({ uncaught: String(error) }));
    const codex = new Codex({ launchArgs: ${JSON.stringify(server.launchArgs)} });
    ${body}
  `);
}

describe("a host program", () => {
  it("lives through a runtime that closes its stdin and exits under a large write", async () => {
    await using server = await FakeAppServer.create({ start: [{ close: "stdin" }, { exit: 7 }] });
    const host = hostOf(
      server,
      `const text = "x".repeat(8 * 1024 * 1024);
       await codex.client.request("any", { text }).catch(({ code, exitCode }) => say({ code, exitCode }));
       await codex.client.request("any", { text }).catch(({ code, exitCode }) => say({ code, exitCode }));`,
    );
    expect(await host.finished()).toEqual({
      exitCode: 0,
      signal: null,
      stderr: "",
      lines: [
        { code: "RUNTIME_EXITED", exitCode: 7 },
        { code: "RUNTIME_EXITED", exitCode: 7 },
      ],
    });
  });

  it("lives through an executable that is missing and a client that nobody asks for anything", async () => {
    await using server = await FakeAppServer.create();
    const host = hostOf(
      server,
      `const missing = new Codex({ codexPath: "/no/such/codex" });
       setTimeout(() => missing.startThread().catch(({ code }) => say(code)), 50);`,
    );
    expect(await host.finished()).toEqual({
      exitCode: 0,
      signal: null,
      stderr: "",
      lines: ["RUNTIME_NOT_FOUND"],
    });
  });

  it("ends by itself after close(), whatever time limits were set", async () => {
    await using server = await FakeAppServer.create({
      on: { "thread/start": answersThread, "turn/start": wholeTurn("ok") },
    });
    const host = hostOf(
      server,
      `const thread = await codex.startThread();
       const result = await thread.run("go", { idleTimeoutMs: 600_000, signal: AbortSignal.timeout(600_000) });
       await codex.client.request("any", {}, { timeoutMs: 600_000 }).catch(() => {});
       await codex.close();
       say(result.finalResponse);
       const closedAt = Date.now();
       process.on("exit", () => say(Date.now() - closedAt < 2000));`,
    );
    expect(await host.finished()).toEqual({
      exitCode: 0,
      signal: null,
      stderr: "",
      lines: ["ok", true],
    });
  });

  it.each([
    ["process.exit", `process.exit(3)`],
    [
      "an uncaught exception",
      `process.removeAllListeners("uncaughtException"); throw new Error("bug")`,
    ],
    ["SIGINT", `process.kill(process.pid, "SIGINT")`],
    ["SIGTERM", `process.kill(process.pid, "SIGTERM")`],
    ["SIGKILL", `process.kill(process.pid, "SIGKILL")`],
  ])("takes its runtime along when it dies of %s in a turn", async (_how, death) => {
    await using server = await FakeAppServer.create({
      on: { "thread/start": answersThread, "turn/start": [answersTurn, ...sends(turnStarted())] },
    });
    const host = hostOf(
      server,
      `const handle = await (await codex.startThread()).turn("go");
       await handle.stream().next();
       setImmediate(() => { ${death} });`,
    );
    await host.finished();
    expect(server.starts).toHaveLength(1);
    expect(await waitUntilGone(server.pids)).toEqual([]);
  });
});
