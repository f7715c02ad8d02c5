import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import { notification, sends } from "../support/wire.js";

/** A secret without the shape of one: only the client knows that it is one. */
const SECRET = "house-key-of-no-known-shape";

describe("a secret that is handed to the runtime later", () => {
  it.each([
    ["a login", "account/login/start", { type: "apiKey", apiKey: SECRET }],
    [
      "the settings of a thread",
      "thread/start",
      { config: { model_providers: { x: { experimental_bearer_token: SECRET } } } },
    ],
    [
      "the arguments of a server",
      "thread/resume",
      { config: { mcp_servers: { x: { command: "x", args: ["--api-key", SECRET] } } } },
    ],
    ["the environment of a command", "command/exec", { env: { MY_TOKEN: SECRET } }],
    ["a setting", "config/value/write", { keyPath: "a.api_key", value: SECRET }],
    ["settings", "config/batchWrite", { edits: [{ keyPath: "a", value: { token: SECRET } }] }],
  ])("is masked when it came with %s", async (_what, method, params) => {
    const error = { code: -32600, message: `refused: ${SECRET}` };
    await using fake = await createFakeCodex({ on: { [method]: [{ error }] } });
    const failure = await rejectionOf(fake.codex.client.request(method, params));
    expect(inspect(failure)).toContain("refused: [masked]");
    expect(inspect(failure)).not.toContain(SECRET);
  });

  it("is masked when a handler of the application returned it", async () => {
    const seen: unknown[] = [];
    await using fake = await createFakeCodex(
      {
        on: {
          go: [
            { answer: {} },
            ...sends({ id: 5, method: "account/chatgptAuthTokens/refresh", params: {} }),
          ],
          "answer 5": sends(notification("warning", { message: SECRET })),
        },
      },
      {
        onServerRequest: () => ({ accessToken: SECRET, chatgptAccountId: "a" }),
        onDiagnostic: (diagnostic) => seen.push(diagnostic),
      },
    );
    await fake.codex.client.request("go", {});
    await expect.poll(() => seen).toContainEqual(expect.objectContaining({ text: "[masked]" }));
    expect(inspect(seen)).not.toContain(SECRET);
  });

  it("is not masked by another client, which does not know it", async () => {
    const on = { "a/b": [{ error: { code: 42, message: SECRET } }] };
    await using knowing = await createFakeCodex({ on }, { env: { HOUSE_TOKEN: SECRET } });
    await using other = await createFakeCodex({ on });
    expect(await rejectionOf(knowing.codex.client.request("a/b", {}))).toMatchObject({
      rpcMessage: "[masked]",
    });
    expect(await rejectionOf(other.codex.client.request("a/b", {}))).toMatchObject({
      rpcMessage: SECRET,
    });
  });
});
