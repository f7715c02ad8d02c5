import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import {
  codexExecServer,
  EnvironmentLostError,
  type ExecServer,
  InvalidOptionError,
  type TurnHandle,
} from "../../src/index.js";
import { type Harness, message, shellCall, startHarness } from "../../src/testing/index.js";
import { isAlive, waitUntilGone } from "../support/processes.js";
import { rejectionOf } from "../support/rejection.js";

const FREE = { sandbox: "danger-full-access", approvalMode: "deny_all" } as const;
const CANARY = "canary-of-the-host";

/** Starts an executor, and adds it to the runtime as the environment `id` with a folder of its own. */
async function addServer(
  { codex, codexHome, workspace }: Harness,
  id: string,
): Promise<ExecServer> {
  // An empty home: the shell profile of the user has no part in a test.
  const server = await codexExecServer({ env: { BOX: id, HOME: codexHome } });
  try {
    await codex.addEnvironment({ id, url: server.url, token: server.token });
    await mkdir(folderOf({ workspace }, id), { recursive: true });
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

function folderOf({ workspace }: Pick<Harness, "workspace">, id: string): string {
  return join(workspace, id);
}

/** Lets each turn run one command, and then end. */
function runOneCommand(harness: Harness, command: string): void {
  harness.model.respond((request) =>
    request.inputItems().at(-1)?.["type"] === "function_call_output"
      ? [message("done")]
      : [shellCall(command)],
  );
}

/** Resolves once a command of the turn has been started. */
async function commandOf(turn: TurnHandle): Promise<void> {
  for await (const event of turn.stream()) {
    if (event.method === "item/started" && event.params.item.type === "commandExecution") return;
  }
}

describe("the commands of threads in four environments of one runtime", () => {
  it("run at once in the executor of each, and see no variable of the host", async () => {
    process.env["CANARY_OF_HOST"] = CANARY;
    await using harness = await startHarness({ codex: { env: { CANARY_OF_RUNTIME: CANARY } } });
    const ids = ["a", "b", "c", "d"];
    const servers: ExecServer[] = [];
    try {
      for (const id of ids) {
        // oxlint-disable-next-line no-await-in-loop -- all are closed if one fails
        servers.push(await addServer(harness, id));
      }
      runOneCommand(harness, "printenv; pwd");

      const outputs = await Promise.all(
        ids.map(async (id) => {
          const environments = [{ id, cwd: folderOf(harness, id) }];
          const thread = await harness.codex.startThread({ ...FREE, environments });
          const { items } = await thread.run("Look around.");
          return items.flatMap((item) =>
            item.type === "commandExecution" ? [item.aggregatedOutput ?? ""] : [],
          );
        }),
      );

      for (const [index, id] of ids.entries()) {
        const output = outputs[index]?.join("\n") ?? "";
        expect(output).toContain(`BOX=${id}`);
        expect(output).toContain(folderOf(harness, id));
        expect(output).not.toContain(CANARY);
      }
    } finally {
      delete process.env["CANARY_OF_HOST"];
      await Promise.all(servers.map((server) => server.close()));
    }
    expect(await waitUntilGone(servers.flatMap(({ pid }) => pid ?? []))).toEqual([]);
  });
});

describe("a turn whose executor is killed", () => {
  it("rejects with an EnvironmentLostError while its command still runs, and its thread continues on another executor", async () => {
    await using harness = await startHarness();
    const { codex, model } = harness;
    await using server = await addServer(harness, "box");
    const environments = [{ id: "box", cwd: folderOf(harness, "box") }];
    const thread = await codex.startThread({ ...FREE, environments });
    // The model waits for the command much longer than the test does.
    model.enqueue(shellCall("sleep 300", { yield_time_ms: 30_000 }));
    const turn = await thread.turn("Wait.");
    await commandOf(turn);

    process.kill(server.pid ?? 0, "SIGKILL");
    const error = await rejectionOf(turn.result);

    expect(error).toBeInstanceOf(EnvironmentLostError);
    expect(error).toMatchObject({
      code: "ENVIRONMENT_LOST",
      environmentId: "box",
      turn: { threadId: thread.id, turnId: turn.id },
    });
    expect(model.requests).toHaveLength(1);
    expect(await server.exited).toMatchObject({ exitCode: null, signal: "SIGKILL" });

    await using _next = await addServer(harness, "box2");
    runOneCommand(harness, "echo $BOX");
    const { items } = await thread.run("Go on.", {
      whenBusy: "queue",
      environments: [{ id: "box2", cwd: folderOf(harness, "box2") }],
    });
    expect(items.find((item) => item.type === "commandExecution")).toMatchObject({
      status: "completed",
      aggregatedOutput: "box2\n",
    });
  });
});

describe("an environment", () => {
  it("that cannot be reached is refused when it is added, with the reason and without the token", async () => {
    await using harness = await startHarness();
    const token = "a-token-of-the-executor-1";

    const error = await rejectionOf(
      harness.codex.addEnvironment({ id: "box", url: "ws://127.0.0.1:1", token }),
    );

    expect(error).toBeInstanceOf(EnvironmentLostError);
    expect(String(error)).toContain("127.0.0.1:1");
    expect(String(error)).not.toContain(token);
  });

  it("whose executor gets another token is refused", async () => {
    await using harness = await startHarness();
    await using server = await codexExecServer();

    const error = await rejectionOf(
      harness.codex.addEnvironment({ id: "box", url: server.url, token: "another-token-1" }),
    );

    expect(error).toMatchObject({ code: "ENVIRONMENT_LOST", environmentId: "box" });
  });

  it.each([
    [{ id: "local", url: "ws://127.0.0.1:1" }, "id"],
    [{ id: "box", url: "http://127.0.0.1:1" }, "url"],
    [{ id: "box", url: "ws://example.org:1" }, "url"],
    [{ id: "box", url: "wss://me:secret@example.org" }, "url"],
  ])(
    "with options that cannot work is refused before anything is sent: %j",
    async (options, name) => {
      await using harness = await startHarness();

      const error = await rejectionOf(harness.codex.addEnvironment(options));

      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ option: name });
    },
  );
});

describe("codexExecServer", () => {
  it("rejects with a CodexStartError that explains an executable which is not one", async () => {
    const error = await rejectionOf(codexExecServer({ codexPath: "/nowhere/codex" }));

    expect(error).toMatchObject({ name: "CodexStartError", code: "RUNTIME_NOT_FOUND" });
  });

  it("that is aborted rejects with the signal's reason", async () => {
    const reason = new Error("enough");

    expect(await rejectionOf(codexExecServer({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it("that is closed twice ends once, with its commands", async () => {
    await using harness = await startHarness();
    const server = await addServer(harness, "box");
    const cwd = folderOf(harness, "box");
    const thread = await harness.codex.startThread({ ...FREE, environments: [{ id: "box", cwd }] });
    const run = shellCall("echo $$ > pid.tmp && mv pid.tmp pid; sleep 300", { yield_time_ms: 250 });
    harness.model.enqueue(run);
    harness.model.enqueue(message("It runs."));
    await thread.run("Start it.");
    const command = Number(readFileSync(join(cwd, "pid"), "utf8"));
    expect([server.pid ?? 0, command].map(isAlive)).toEqual([true, true]);

    await Promise.all([server.close(), server.close()]);

    expect(await waitUntilGone([server.pid ?? 0, command])).toEqual([]);
    expect((await server.exited).stderrTail).not.toContain(server.token);
  });
});
