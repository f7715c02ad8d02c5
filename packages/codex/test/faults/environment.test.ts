import { readFileSync } from "node:fs";
import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { FakeAppServer } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import { answersThread, wholeTurn } from "../support/wire.js";

describe("what the runtime is started with", () => {
  it("is the host's environment with the given variables over it, the mark of its commands, and nothing else", async () => {
    await using fake = await createFakeCodex({}, { env: { MARK: "1", HOME: undefined } });
    await fake.codex.start();
    const { HOME: _home, ...host } = process.env;
    expect(fake.server.starts[0]?.env).toEqual({
      ...host,
      MARK: "1",
      CODEX_SDK_RUNTIME_ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  // The executable is a shell script.
  it.skipIf(process.platform === "win32")(
    "has no prompt, key or header on its command line, in an error or in a log",
    async () => {
      await using server = await FakeAppServer.create({
        on: {
          "account/login/start": [{ answer: { type: "apiKey" } }],
          "thread/start": answersThread,
          "turn/start": wholeTurn("ok"),
          leak: [
            { stderr: "Bearer SECRET-header-1 and sk-SECRETkey12345 and SECRET-in-env-1\n" },
            { raw: "junk SECRET-in-env-1\n{junk SECRET-in-env-1\n" },
            { exit: 1 },
          ],
        },
      });
      const heard: unknown[] = [];
      const codexPath = await server.executable();
      await using fake = await createFakeCodex(
        {},
        {
          codexPath,
          env: { MY_API_KEY: "SECRET-in-env-1" },
          onDiagnostic: (diagnostic) => heard.push(diagnostic),
          onStderr: (line) => heard.push(line),
        },
      );
      const { codex } = fake;
      await codex.loginApiKey("sk-SECRETkey12345");
      const mcp = {
        mcp_servers: { s: { http_headers: { Authorization: "Bearer SECRET-header-1" } } },
      };
      const thread = await codex.startThread({ config: mcp });
      await thread.run("SECRET-prompt-1");
      const [start] = server.starts;
      const argv = readFileSync(`/proc/${start?.pid}/cmdline`, "utf8").split("\0");
      const error = await rejectionOf(codex.client.request("leak", {}));

      expect(argv.slice(-4, -1)).toEqual(["app-server", "--listen", "stdio://"]);
      expect(argv.join(" ").length).toBeLessThan(4096);
      const shown = [
        argv,
        inspect(codex, { depth: 20 }),
        inspect(error, { depth: 20 }),
        inspect(heard),
      ];
      for (const text of shown) expect(String(text)).not.toContain("SECRET");
      // Two pipes: which of them is read first is nobody's promise.
      expect(heard.filter((one) => typeof one === "string")).toEqual([
        "[masked] and [masked] and [masked]",
      ]);
      expect(heard.filter((one) => typeof one !== "string")).toEqual([
        { kind: "versionMismatch", runtimeVersion: "1.2.3", pinnedVersion: expect.any(String) },
        { kind: "unparsableLine", text: "junk [masked]" },
        { kind: "unparsableLine", text: "{junk [masked]" },
      ]);
      expect(server.received("thread/start")[0]?.params).toMatchObject({ config: mcp });
      await codex.close();
    },
  );

  it("carries a prompt and a config of megabytes over stdin, intact", async () => {
    const text = "漢".repeat(1_000_000);
    const config = { big: "y".repeat(500 * 1024) };
    await using fake = await createFakeCodex({
      on: { "thread/start": answersThread, "turn/start": wholeTurn("ok"), any: [{ answer: {} }] },
    });
    const thread = await fake.codex.startThread({ config });
    await thread.run(text);
    await fake.codex.client.request("any", { text: "z".repeat(4 * 1024 * 1024) });

    const { server } = fake;
    expect(server.received("thread/start")[0]?.params).toMatchObject({ config });
    expect(server.received("turn/start")[0]?.params).toMatchObject({
      input: [{ type: "text", text }],
    });
    expect(server.received("any")[0]?.params).toEqual({ text: "z".repeat(4 * 1024 * 1024) });
    expect(server.starts[0]?.args).toEqual([]);
  });

  // The executable is a shell script.
  it.skipIf(process.platform === "win32")(
    "refuses a config that no command line takes, before anything is started",
    async () => {
      await using server = await FakeAppServer.create();
      await using fake = await createFakeCodex(
        {},
        {
          codexPath: await server.executable(),
          config: { big: "y".repeat(500 * 1024) },
        },
      );
      expect(await rejectionOf(fake.codex.start())).toMatchObject({
        code: "INVALID_OPTION",
        option: "config",
      });
      expect(server.starts).toEqual([]);
    },
  );
});
