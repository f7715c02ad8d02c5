// Speaks the Agent Client Protocol itself: one JSON-RPC message a line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { withScriptedModel } from "./scripted.mjs";

await withScriptedModel(async (cwd) => {
  const manifest = createRequire(import.meta.url).resolve(
    "@agentclientprotocol/codex-acp/package.json",
  );
  const agent = spawn(process.execPath, [manifest.replace("package.json", "dist/index.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(agent, "exit");
  const pending = new Map();
  let answer = "";
  createInterface({ input: agent.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    const { update } = message.params ?? {};
    if (update?.sessionUpdate === "agent_message_chunk") answer += update.content.text;
    const request = message.method === undefined ? pending.get(message.id) : undefined;
    if (message.error === undefined) request?.resolve(message.result);
    else request?.reject(new Error(JSON.stringify(message.error)));
  });
  let id = 0;
  const request = (method, params) =>
    new Promise((resolve, reject) => {
      id += 1;
      pending.set(id, { resolve, reject });
      agent.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  try {
    await request("initialize", { protocolVersion: 1, clientCapabilities: {} });
    const { sessionId } = await request("session/new", { cwd, mcpServers: [] });
    await request("session/prompt", { sessionId, prompt: [{ type: "text", text: "A question." }] });
    return answer;
  } finally {
    agent.stdin.end();
    agent.kill();
    await ended;
  }
});
