import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { codexPath } from "@openai/codex-cli-bin";
import { expect, onTestFinished, test } from "vitest";

/** A model that cannot be reached: the runtime reads the params of a turn before it asks the model. */
const CONFIG = `model = "none"
model_provider = "none"

[model_providers.none]
name = "none"
base_url = "http://127.0.0.1:9"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`;

test("the runtime takes params without the members that the types let a client leave out", async () => {
  const request = await startRuntime();
  const withoutTitle = { clientInfo: { name: "typegen", version: "1" } };
  expect(await request("initialize", withoutTitle)).toHaveProperty("result");
  const started = await request("thread/start", {});
  const threadId = member(member(member(started, "result"), "thread"), "id");

  const answers = [];
  for (const sandboxPolicy of [{ type: "readOnly" }, { type: "workspaceWrite" }]) {
    const input = [{ type: "text", text: "Hello" }];
    answers.push(await request("turn/start", { threadId, sandboxPolicy, input }));
  }
  answers.push(await request("getAuthStatus", {}));
  expect(answers.map((answer) => member(answer, "error"))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);

  // The same calls are refused where a member is really required, so that the answers above mean something.
  const withoutText = await request("turn/start", { threadId, input: [{ type: "text" }] });
  expect(member(member(withoutText, "error"), "message")).toContain("missing field `text`");
});

/** Starts the runtime in a home of its own; it ends with the test. */
async function startRuntime(): Promise<(method: string, params: object) => Promise<unknown>> {
  const home = await mkdtemp(join(tmpdir(), "codex-typegen-home-"));
  await writeFile(join(home, "config.toml"), CONFIG);
  const child = spawn(codexPath(), ["app-server"], {
    cwd: home,
    env: { ...process.env, CODEX_HOME: home },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.stdin.end();
    await closed;
    await rm(home, { recursive: true, force: true });
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  createInterface(child.stdout).on("line", (line) => {
    const message: unknown = JSON.parse(line);
    const id = member(message, "id");
    if (typeof id === "number" && member(message, "method") === undefined) {
      waiting.get(id)?.(message);
    }
  });
  let lastId = 0;
  return (method, params) =>
    new Promise((resolve) => {
      const id = (lastId += 1);
      waiting.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
