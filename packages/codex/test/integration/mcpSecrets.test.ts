import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import type { StartThreadOptions } from "../../src/index.js";
import { runtimeCommandLines } from "../support/runtimeCommandLines.js";
import { type Harness, startHarness } from "../support/testingKit.js";

const SERVER = fileURLToPath(new URL("../support/elicitingMcpServer.mjs", import.meta.url));
const SECRET = "house-key-of-no-known-shape";

/** Returns what an MCP server of a new thread reads from its variable `MY_TOKEN`. */
async function variableOfServer(
  { codex, model }: Harness,
  options: StartThreadOptions = {},
): Promise<string | undefined> {
  const thread = await codex.startThread(options);
  model.callFunction("variable", { name: "MY_TOKEN" }, { namespace: "mcp__tiny" }).reply("Done.");
  await thread.run("Go.");
  return model.requests.at(-1)?.functionCallOutputs().at(-1)?.text;
}

async function expectNotOnCommandLine({ codexHome }: Harness): Promise<void> {
  // Other systems have no /proc.
  if (process.platform !== "linux") return;
  const lines = await runtimeCommandLines(codexHome);
  expect(lines.join("\n")).toContain("app-server");
  expect(lines.join("\n")).not.toContain(SECRET);
}

describe("the secret of an MCP server", () => {
  const server = { command: process.execPath, args: [SERVER] };

  it("reaches the server from the config of a thread, and no command line", async () => {
    await using harness = await startHarness();
    const config = { mcp_servers: { tiny: { ...server, env: { MY_TOKEN: SECRET } } } };
    expect(await variableOfServer(harness, { config })).toContain(`value: ${SECRET}`);
    await expectNotOnCommandLine(harness);
  });

  it("reaches the server from the option env when env_vars of the server names it, and not otherwise", async () => {
    const named = { mcp_servers: { tiny: { ...server, env_vars: ["MY_TOKEN"] } } };
    const codex = { env: { MY_TOKEN: SECRET } };
    await using harness = await startHarness({ codex: { ...codex, config: named } });
    expect(await variableOfServer(harness)).toContain(`value: ${SECRET}`);
    await expectNotOnCommandLine(harness);

    const config = { mcp_servers: { tiny: server } };
    await using other = await startHarness({ codex: { ...codex, config } });
    expect(await variableOfServer(other)).toContain("value: undefined");
  });
});
