import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Codex, type CodexOptions } from "../../src/index.js";
import { requestAt } from "../support/modelRequests.js";
import { message, shellCall, startHarness, usage } from "../support/testingKit.js";

const KEY = "sk-key-of-this-client-0123456789";

/** Runs a command in the runtime of these options and returns its variables. */
async function commandVariables(codex: CodexOptions, by: "runCommand" | "model") {
  await using harness = await startHarness({ codex });
  if (by === "runCommand") {
    const { stdout } = await harness.codex.runCommand(["env"]);
    return stdout;
  }
  harness.model.enqueue(shellCall("env")).reply("done");
  await (await harness.codex.startThread({ approvalMode: "deny_all" })).run("Print them.");
  return requestAt(harness.model, 1).body.replaceAll("\\n", "\n");
}

describe("apiKey", () => {
  it("is in the header of model requests, and leaves no stored login", async () => {
    await using harness = await startHarness({ codex: { apiKey: KEY }, requiresOpenaiAuth: true });
    harness.model.reply("ok");

    await (await harness.codex.startThread()).run("one");

    expect(requestAt(harness.model, 0).header("authorization")).toBe(`Bearer ${KEY}`);
    expect((await harness.codex.account()).account).toMatchObject({ type: "apiKey" });
    expect(existsSync(join(harness.codexHome, "auth.json"))).toBe(false);
  });

  it("leaves the stored login of the home to other clients", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });
    const stored = "sk-stored-key-0123456789012345";
    await harness.codex.loginApiKey(stored);
    const before = readFileSync(join(harness.codexHome, "auth.json"), "utf8");
    harness.model.reply("own").reply("stored");

    await using own = new Codex({ env: { CODEX_HOME: harness.codexHome }, apiKey: KEY });
    await (await own.startThread()).run("one");
    await (await harness.codex.startThread()).run("two");

    expect(harness.model.requests.map((request) => request.header("authorization"))).toEqual([
      `Bearer ${KEY}`,
      `Bearer ${stored}`,
    ]);
    expect(readFileSync(join(harness.codexHome, "auth.json"), "utf8")).toBe(before);
  });
});

describe("baseUrl", () => {
  it("brings the requests of the built-in provider there, with the client's key", async () => {
    await using target = await startHarness();
    target.model.reply("from the gateway");
    const codex = { baseUrl: target.model.url, apiKey: KEY };
    await using harness = await startHarness({ codex });

    const result = await (await harness.codex.startThread()).run("one");

    expect(result.finalResponse).toBe("from the gateway");
    expect(requestAt(target.model, 0).header("authorization")).toBe(`Bearer ${KEY}`);
    expect(harness.model.requests).toEqual([]);
  });

  it("refuses another provider for a thread", async () => {
    await using harness = await startHarness({ codex: { baseUrl: "http://127.0.0.1:9" } });

    await expect(harness.codex.startThread({ modelProvider: "mock" })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      option: "modelProvider",
    });
  });
});

describe("CODEX_HOME", () => {
  it("that does not exist rejects the start with the runtime's own message", async () => {
    await using harness = await startHarness();
    await using codex = new Codex({ env: { CODEX_HOME: `${harness.codexHome}-none` } });

    await expect(codex.start()).rejects.toMatchObject({
      code: "RUNTIME_EXITED",
      message: expect.stringMatching(/CODEX_HOME points to .*-none.*does not exist/),
    });
  });
});

describe("inheritEnv", () => {
  it.each([
    [true, true],
    [false, false],
    [["SDK_TEST_INHERITED"], true],
  ] as const)(
    "%o decides whether the runtime gets a variable of this process: %s",
    async (inheritEnv, isSeen) => {
      process.env["SDK_TEST_INHERITED"] = "seen";
      try {
        const variables = await commandVariables({ inheritEnv }, "runCommand");

        expect(variables.includes("SDK_TEST_INHERITED=seen")).toBe(isSeen);
        expect(variables).toContain("PATH=");
      } finally {
        delete process.env["SDK_TEST_INHERITED"];
      }
    },
  );
});

describe("commandEnv", () => {
  const env = { SDK_TEST_PLAIN: "plain", SDK_TEST_TOKEN: "token-value" };

  it.each([
    ["core", [false, false]],
    ["all", [true, true]],
    [["SDK_TEST_TOKEN"], [false, true]],
  ] as const)("%o decides about the variables of commands: %o", async (commandEnv, isSeen) => {
    const ofModel = await commandVariables({ env, commandEnv }, "model");
    const ofCommand = await commandVariables({ env, commandEnv }, "runCommand");

    for (const variables of [ofModel, ofCommand]) {
      expect([
        variables.includes("SDK_TEST_PLAIN="),
        variables.includes("SDK_TEST_TOKEN="),
      ]).toEqual(isSeen);
      expect(variables).toContain("PATH=");
    }
  });
});

describe("tokenBudget", () => {
  it("fails the turn that crosses it, with a code of its own", async () => {
    await using harness = await startHarness({ codex: { tokenBudget: 1000 } });
    harness.model.enqueue(usage({ inputTokens: 5000, outputTokens: 100 }), message("a lot"));
    const thread = await harness.codex.startThread();

    await expect(thread.run("one")).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
    harness.model.reply("more");
    await expect(thread.run("two")).rejects.toMatchObject({ code: "BUDGET_EXCEEDED" });
  });

  it("lets a turn below it pass", async () => {
    await using harness = await startHarness({ codex: { tokenBudget: 100_000 } });
    harness.model.enqueue(usage({ inputTokens: 500, outputTokens: 100 }), message("little"));

    const result = await (await harness.codex.startThread()).run("one");

    expect(result.finalResponse).toBe("little");
  });
});

describe("launch options that cannot work", () => {
  it.each<readonly [option: string, options: object]>([
    ["apiKey", { apiKey: "" }],
    ["apiKey", { apiKey: `${KEY}\n` }],
    ["apiKey", { apiKey: KEY, launchArgs: ["codex"] }],
    ["apiKey", { apiKey: KEY, config: { cli_auth_credentials_store: "file" } }],
    ["apiKey", { apiKey: KEY, transport: { type: "websocket", url: "ws://127.0.0.1:1" } }],
    ["baseUrl", { baseUrl: "not a url" }],
    ["baseUrl", { baseUrl: "ftp://host" }],
    ["baseUrl", { baseUrl: "https://user:password@host" }],
    ["baseUrl", { baseUrl: "https://host", config: { model_provider: "other" } }],
    ["baseUrl", { baseUrl: "https://host", config: { openai_base_url: "https://other" } }],
    ["inheritEnv", { inheritEnv: "PATH" }],
    ["inheritEnv[0]", { inheritEnv: ["A=B"] }],
    ["commandEnv", { commandEnv: "none" }],
    ["commandEnv[0]", { commandEnv: [""] }],
    [
      "commandEnv",
      { commandEnv: "core", config: { shell_environment_policy: { inherit: "all" } } },
    ],
    ["tokenBudget", { tokenBudget: 0 }],
    ["tokenBudget", { tokenBudget: 1.5 }],
    [
      "tokenBudget",
      { tokenBudget: 5, config: { features: { rollout_budget: { enabled: false } } } },
    ],
  ])("are refused by new Codex() with the name %s: %o", (option, options) => {
    expect(() => new Codex(options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", option }),
    );
  });

  it("do not show a key or a password", () => {
    const shown = [{ apiKey: `${KEY} ` }, { baseUrl: "https://user:password@host" }].map(
      (options) => {
        try {
          return new Codex(options);
        } catch (error) {
          return String(error);
        }
      },
    );
    expect(shown.join()).not.toMatch(/sk-key|password@/u);
  });
});
