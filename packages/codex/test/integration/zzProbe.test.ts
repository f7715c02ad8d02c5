import { fileURLToPath } from "node:url";
import { it } from "vitest";
import { functionCall, message, shellCall, startHarness } from "../../src/testing/index.js";
import { Thread } from "../../src/api/thread.js";

const log = (...a: unknown[]) => process.stderr.write(a.map((x) => (typeof x === "string" ? x : JSON.stringify(x))).join(" ") + "\n");
const server = fileURLToPath(new URL("../support/elicitingMcpServer.mjs", import.meta.url));
const feats = Object.fromEntries("request_permissions_tool,default_mode_request_user_input,sleep_tool,tool_suggest,memories,token_budget,send_message_to_user_async,current_time_reminder,context_management,agent_message_board,multi_agent_v2,skill_search,artifact,goals,image_generation,standalone_web_search,code_mode".split(",").map((f) => [f, true]));

it("tool names", async () => {
  for (const features of [{}, feats, { request_permissions_tool: true }, { code_mode: true }, { multi_agent_v2: true}, {tool_suggest: true, standalone_web_search: true, memories: true}]) {
    await using h = await startHarness({ config: { features } , codex: { onStderr: (l) => /WARNING|bubblewrap|Unknown model/.test(l) || log("ERR", l.slice(0, 300)) }});
    const c = h.codex.client;
    h.model.reply("ok");
    const { thread } = await c.request("thread/start", { dynamicTools: [{ type: "function", name: "x", description: "d", inputSchema: { type: "object", properties: {} } }] });
    await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi").catch((e) => log(String(e)));
    log(features, h.model.requests.at(-1)?.toolNames() ?? "none");
  }
});
it("bad names", async () => {
  await using h = await startHarness();
  const c = h.codex.client;
  for (const name of ["mcp", "mcp__a__b", "a b", "", "x".repeat(65), "x".repeat(64), "x".repeat(129), " a", "web_search", "multi_agent_v1", "functions", "apply_patch", "a.b", "exec"]) {
    await c.request("thread/start", { dynamicTools: [{ type: "function", name, description: "d", inputSchema: { type: "object", properties: {} } }] }).then(() => log(name, "ok"), (e) => log(name, String(e)));
  }
  for (const s of [true, {}, { type: "string" }, { type: "object", properties: { a: { $ref: "#/x" } } }, { type: "object", anyOf: [{}] }, {type: "object", properties: {a: {type: ["string","null"], pattern: "x"}, b: {anyOf: [{type: "string"},{type:"null"}]}, c: {const: 3}}, additionalProperties: false, $schema: "https://json-schema.org/draft/2020-12/schema"}, null, "x", [1]])
    await c.request("thread/start", { dynamicTools: [{ type: "function", name: "a", description: "", inputSchema: s as never }] }).then(() => log(s, "ok"), (e) => log(s, String(e)));
  await c.request("thread/start", { dynamicTools: [1, 2].map(() => ({ type: "function" as const, name: "a", description: "", inputSchema: {} }) )}).then(() => log("dup", "ok"), (e) => log("dup", String(e)));
});
it("tool call", async () => {
  for (const res of [{ contentItems: [], success: true }, { contentItems: [{ type: "inputText", text: "t" }], success: false }, { contentItems: [{ type: "inputImage", imageUrl: "https://a/b.png" }], success: true }, { contentItems: [{ type: "inputImage", imageUrl: "data:image/png;base64,iVBORw0KGgo=" }, { type: "inputText", text: "t" }], success: true }, { contentItems: [{ type: "inputAudio", audioUrl: "data:audio/wav;base64,AAAA" }], success: true }, "hang"]) {
    await using h = await startHarness({ codex: { onStderr: (l) => /WARNING|bubblewrap|Unknown model/.test(l) || log("ERR", l.slice(0, 300)) }});
    const c = h.codex.client;
    const prev = c.router.onNotification;
    c.router.onNotification = (m) => { prev(m); if (/item|resolved|turn\/comp/.test(m.method)) log("  <", m.method, JSON.stringify(m.params).slice(0, 500)); };
    const { thread } = await c.request("thread/start", { dynamicTools: [{ type: "function", name: "x", description: "d", inputSchema: { type: "object", properties: {} } }] });
    h.model.callFunction("x", { a: 1 }).reply("done");
    const called = new Promise<AbortSignal>((ok) => {
      c.onServerRequest("item/tool/call", (p, { signal }) => { log("  REQ", p as never); ok(signal); signal.addEventListener("abort", () => log("  ABORT", String(signal.reason))); return res === "hang" ? new Promise(() => {}) : res as never; });
    });
    const turn = await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).turn("hi");
    if (res === "hang") { await called; await turn.interrupt(); }
    const r = await turn.run().catch((e) => log(String(e)));
    log(res, r?.status ?? "", h.model.requests.at(-1)?.functionCallOutputs() ?? []);
    if (res === "hang") await new Promise((ok) => setTimeout(ok, 500));
  }
  // broken args
  await using h = await startHarness();
  const c = h.codex.client;
  const { thread } = await c.request("thread/start", { dynamicTools: [{ type: "function", name: "x", description: "d", inputSchema: { type: "object", properties: {} } }] });
  c.onServerRequest("item/tool/call", (p) => { log("  REQ", p as never); return undefined; });
  for (const a of ["{broken", "", "3", "null"]) {
    h.model.callFunction("x", a).reply("done");
    await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi");
    log(a, h.model.requests.at(-1)?.functionCallOutputs().at(-1) ?? []);
  }
  h.model.callFunction("nope", {}).reply("done");
  await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi");
  log("nope", h.model.requests.at(-1)?.functionCallOutputs().at(-1) ?? []);
});
it("mcp", async () => {
  await using h = await startHarness({ config: { mcp_servers: { tiny: { command: process.execPath, args: [server] } } }, codex: { onStderr: (l) => /WARNING|bubblewrap|Unknown model/.test(l) || log("ERR", l.slice(0, 300)) } });
  const c = h.codex.client;
  const prev = c.router.onNotification;
  c.router.onNotification = (m) => { prev(m); if (/item|resolved|turn\/comp|mcp/.test(m.method)) log("  <", m.method, JSON.stringify(m.params).slice(0, 500)); };
  const { thread } = await c.request("thread/start", { approvalPolicy: "on-request", approvalsReviewer: "user" });
  for (const [tool, ans] of [["survey", { action: "accept", content: { colour: "red" } }], ["survey", { action: "decline" }], ["survey", { action: "cancel" }], ["survey", {action:"accept", content: {}}], ["note", { action: "decline" }], ["note", { action: "cancel" }], ["note", { action: "accept", content: null }], ["note", { action: "accept", content: {}, _meta: { persist: "session" } }], ["note", {action: "decline"}]] as const) {
    log(tool, ans);
    c.onServerRequest("mcpServer/elicitation/request", (p) => { log("  REQ", p as never); return ans as never; });
    h.model.callFunction(tool, { text: "x" }, { namespace: "mcp__tiny" }).reply("done");
    const r = await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi");
    log(r.status, h.model.requests.at(-1)?.functionCallOutputs().at(-1) ?? []);
    if (h.model.pendingResponses > 0) { h.model.respond(() => [message("x")]); await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi"); h.model.respond(() => undefined); }
  }
});
it("permissions + user input + subagent", async () => {
  await using h = await startHarness({ config: { features: { request_permissions_tool: true, default_mode_request_user_input: true } }, codex: { onStderr: (l) => /WARNING|bubblewrap|Unknown model/.test(l) || log("ERR", l.slice(0, 300)) } });
  const c = h.codex.client;
  const prev = c.router.onNotification;
  c.router.onNotification = (m) => { prev(m); if (/item|resolved|turn\/comp|thread\/started/.test(m.method)) log("  <", m.method, JSON.stringify(m.params).slice(0, 400)); };
  const { thread } = await c.request("thread/start", { approvalPolicy: "on-request", approvalsReviewer: "user", sandbox: "read-only" });
  c.onServerRequest("item/permissions/requestApproval", (p) => { log("  REQ", p as never); return { permissions: {network: p.permissions.network ?? undefined, fileSystem: p.permissions.fileSystem ?? undefined} as never, scope: "turn" }; });
  c.onServerRequest("item/tool/requestUserInput", (p) => { log("  REQ", p as never); return { answers: {} }; });
  c.onServerRequest("item/commandExecution/requestApproval", (p) => { log("  REQ", p as never); return { decision: "accept" }; });
  h.model.callFunction("request_permissions", { reason: "need", permissions: { network: { enabled: true }, file_system: { write: [h.workspace] } } }).reply("done");
  await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi");
  log(h.model.requests.at(-1)?.functionCallOutputs().at(-1) ?? []);
  h.model.callFunction("request_user_input", { questions: [{ id: "q1", header: "H", question: "Q?", options: [{ label: "A", description: "a" }, { label: "B", description: "b" }] }] }).reply("done");
  await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("hi");
  log(h.model.requests.at(-1)?.functionCallOutputs().at(-1) ?? []);
  // sub agent
  h.model.respond((r) => {
    log("MODEL", r.lastUserText() ?? "", r.threadId() ?? "", r.functionCallOutputs().slice(-1));
    const last = r.inputItems().at(-1);
    if (r.userTexts().includes("child work")) return last?.["type"] === "function_call_output" ? [message("child done")] : [shellCall("echo hi", { sandbox_permissions: "require_escalated", justification: "j" })];
    return last?.["type"] === "function_call_output" ? [message("parent done")] : [functionCall("spawn_agent", { message: "child work", task_name: "t" }, { namespace: "multi_agent_v1" })];
  });
  await new Thread({ client: c, forkThread: (() => undefined) as never }, thread.id).run("spawn");
  await new Promise((ok) => setTimeout(ok, 1500));
});
