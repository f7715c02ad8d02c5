import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { NotificationLog } from "../support/notificationLog.js";
import { runtimeCommandLines } from "../support/runtimeCommandLines.js";
import { httpStatus, startHarness } from "../support/testingKit.js";

const API_KEY = "sk-marker-0123456789abcdef";
const OTHER_API_KEY = "sk-second-0123456789abcdef";

const NOBODY = {
  account: null,
  userId: null,
  requiresOpenaiAuth: true,
  workspaceRouting: null,
};

describe("login with an API key", () => {
  it("stores the key, shows it as the account and gives it to the next model request", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });
    const { codex, model, codexHome } = harness;
    model.reply("before").reply("after");
    const thread = await codex.startThread();
    await thread.run("Before the login.");
    expect(await codex.account()).toMatchObject(NOBODY);

    expect(await codex.loginApiKey(API_KEY)).toBeUndefined();

    expect(await codex.account()).toMatchObject({ ...NOBODY, account: { type: "apiKey" } });
    await thread.run("After the login.");
    expect(model.requests.map((request) => request.header("authorization"))).toEqual([
      undefined,
      `Bearer ${API_KEY}`,
    ]);
    expect(JSON.parse(await readFile(join(codexHome, "auth.json"), "utf8"))).toEqual({
      auth_mode: "apikey",
      OPENAI_API_KEY: API_KEY,
    });
  });

  it("replaces an earlier login at once, also for a running thread", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });
    const { codex, model } = harness;
    model.reply("one").reply("two");
    await codex.loginApiKey(API_KEY);
    const thread = await codex.startThread();
    await thread.run("One.");

    await codex.loginApiKey(OTHER_API_KEY);
    await thread.run("Two.");

    expect(model.requests.map((request) => request.header("authorization"))).toEqual([
      `Bearer ${API_KEY}`,
      `Bearer ${OTHER_API_KEY}`,
    ]);
  });

  it("passes its completion, which has no login id, to notifications()", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });
    const { codex } = harness;
    const log = NotificationLog.follow(codex);

    await codex.loginApiKey(API_KEY);
    await log.first("account/updated");

    expect({
      completed: log.paramsOf("account/login/completed"),
      updated: log.paramsOf("account/updated"),
    }).toMatchObject({
      completed: [{ loginId: null, success: true, error: null }],
      updated: [{ authMode: "apikey", planType: null }],
    });
  });

  it("does not start a runtime for an empty key", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });

    await expect(harness.codex.loginApiKey("")).rejects.toMatchObject({
      name: "InvalidOptionError",
      code: "INVALID_OPTION",
      option: "apiKey",
      message: "apiKey: is empty; pass the key.",
    });

    expect(() => harness.codex.metadata).toThrow(expect.objectContaining({ code: "NOT_STARTED" }));
  });
});

describe("an API key", () => {
  it("is in no line of the runtime's log, and shows nowhere on the client", async () => {
    const lines: string[] = [];
    await using harness = await startHarness({
      requiresOpenaiAuth: true,
      codex: { env: { RUST_LOG: "trace" }, onStderr: (line) => lines.push(line) },
    });
    const { codex, model } = harness;
    // A provider that repeats the key, which the runtime then logs.
    const body = { error: { message: `Incorrect API key provided: ${API_KEY}` } };
    model.enqueue(httpStatus(401, { body }));
    await codex.loginApiKey(API_KEY);
    const thread = await codex.startThread();

    await expect(thread.run("Hello.")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    const inspected = inspect(codex, { depth: Infinity, showHidden: true, getters: true });
    await codex.close();

    expect(lines.filter((line) => line.includes(API_KEY))).toEqual([]);
    expect(
      lines.filter((line) => line.includes("Incorrect API key provided: [masked]")),
    ).not.toEqual([]);
    expect(inspected).not.toContain(API_KEY);
  });

  it("is not in the error of a login that the runtime refuses", async () => {
    await using harness = await startHarness({
      requiresOpenaiAuth: true,
      config: { forced_login_method: "chatgpt" },
    });

    const error: unknown = await harness.codex
      .loginApiKey(API_KEY)
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      name: "InvalidRequestError",
      code: "INVALID_REQUEST",
      method: "account/login/start",
      message:
        "account/login/start: API key login is disabled. Use ChatGPT login instead. (JSON-RPC error -32600)",
    });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(API_KEY);
  });

  // Only Linux shows what other processes were started with in /proc.
  it.skipIf(process.platform !== "linux")(
    "is not on the command line of the runtime, and neither is a prompt or the environment",
    async () => {
      await using harness = await startHarness({
        requiresOpenaiAuth: true,
        codex: { env: { MARKER_TOKEN: "marker-of-the-environment" } },
      });
      const { codex, model, codexHome } = harness;
      const gate = model.gate();
      model.enqueue(gate);
      await codex.loginApiKey(API_KEY);
      const thread = await codex.startThread({
        config: {
          mcp_servers: {
            remote: { url: "http://127.0.0.1:9/", http_headers: { "X-Key": "marker-of-a-header" } },
          },
        },
      });
      const running = thread.run("marker-of-the-prompt");
      await gate.reached;

      const commandLines = await runtimeCommandLines(codexHome);
      gate.open();
      await running;

      // The runtime's own shells may be among them.
      expect(commandLines).toContainEqual(
        expect.stringMatching(/ app-server --listen stdio:\/\/$/u),
      );
      expect(commandLines.join("\n")).not.toMatch(/marker/u);
    },
  );
});
