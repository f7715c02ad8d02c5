import { it } from "vitest";
import { functionCall, message, failure, httpStatus, startHarness } from "../../src/testing/index.js";
const log = (...a: unknown[]) => process.stderr.write(a.map((x) => (typeof x === "string" ? x : JSON.stringify(x))).join(" ") + "\n");
type H = Awaited<ReturnType<typeof startHarness>>;
async function scenario(name: string, opts: object, setup: (h: H) => void, go: (h: H, id: string) => Promise<void>, start: object = {}) {
  await using h = await startHarness(opts);
  log("=====", name);
  setup(h);
  const c = h.codex.client;
  const prev = c.router.onNotification;
  let over = () => {}; 
  c.router.onNotification = (m) => { prev(m); if (/goal|turn\/|status\/ch|error|item\/completed|tokenUsage|warning/.test(m.method)) log(" <", m.method, JSON.stringify(m.params).slice(0, 420)); };
  const { thread } = await c.request("thread/start", start);
  log("path", thread.path, thread.status, thread.ephemeral);
  await go(h, thread.id).catch((e) => log("ERR", String(e)));
  over();
}
const wait = (ms: number) => new Promise((ok) => setTimeout(ok, ms));
const set = async (h: H, id: string, extra: object = {}) => log("SET", await h.codex.client.request("thread/goal/set", { threadId: id, objective: "Do it", status: "active", ...extra }));
it("probe", async () => {
  await scenario("two turns", {}, (h) => { h.model.reply("part one").enqueue(functionCall("update_goal", { status: "complete" })).reply("done"); }, async (h, id) => {
    log(await h.codex.client.request("thread/goal/get", { threadId: id }));
    log(await h.codex.client.request("thread/goal/clear", { threadId: id }));
    await set(h, id); await wait(1500); log(h.model.requests.map((r) => [r.lastUserText(), r.messageTexts("developer").at(-1)?.slice(0, 200)]), h.model.unscripted.length);
    log((await h.codex.client.request("thread/read", { threadId: id, includeTurns: true })).thread.turns.map((t) => t.items.map((i) => i.type)));
  });
  await scenario("first turn", {}, (h) => { h.model.enqueue(functionCall("update_goal", { status: "complete" })).reply("done"); }, async (h, id) => { await set(h, id); await wait(800); log(h.model.requests[1]?.functionCallOutputs()); });
  await scenario("blocked", {}, (h) => { h.model.enqueue(functionCall("update_goal", { status: "blocked" })).reply("done").respond(() => undefined); }, async (h, id) => { await set(h, id); await wait(800); log(h.model.requests[1]?.functionCallOutputs(), h.model.unscripted.length); });
  await scenario("server_error", {}, (h) => { h.model.fail("server_error", "boom"); }, async (h, id) => { await set(h, id); await wait(1500); log(h.model.requests.length, h.model.unscripted.length); });
  await scenario("quota", {}, (h) => { h.model.fail("insufficient_quota", "no money"); }, async (h, id) => { await set(h, id); await wait(1500); log(h.model.requests.length, h.model.unscripted.length); });
  await scenario("usage limit", {}, (h) => { h.model.enqueue(httpStatus(429, { body: { error: { type: "usage_limit_reached", message: "limit" } } })); }, async (h, id) => { await set(h, id); await wait(1500); log(h.model.requests.length, h.model.unscripted.length); });
  await scenario("budget", {}, (h) => { h.model.respond(() => [message("more"), { kind: "usage", usage: { inputTokens: 100, outputTokens: 10 } } as never]); }, async (h, id) => { await set(h, id, { tokenBudget: 250 }); await wait(1500); log(h.model.requests.length); });
  await scenario("off", { config: { features: { goals: false } } }, () => {}, async (h, id) => { await h.codex.client.request("thread/goal/get", { threadId: id }).catch((e) => log(String(e))); await set(h, id); });
  await scenario("ephemeral", {}, () => {}, async (h, id) => { await set(h, id); }, { ephemeral: true });
  await scenario("pause/interrupt", {}, (h) => { h.model.streamText(["a", h.model.gate()]); }, async (h, id) => {
    await set(h, id); await h.model.waitForRequests(1); await wait(100);
    const turnId = h.codex.client.router.activity.occupantOf(id)?.turnId ?? "";
    log("PAUSE", await h.codex.client.request("thread/goal/set", { threadId: id, status: "paused" }));
    log("INT", await h.codex.client.request("turn/interrupt", { threadId: id, turnId }));
    await wait(500);
    log("CLEAR", await h.codex.client.request("thread/goal/clear", { threadId: id }));
  });
  await scenario("interrupt without pause", {}, (h) => { h.model.streamText(["a", h.model.gate()]); }, async (h, id) => {
    await set(h, id); await h.model.waitForRequests(1); await wait(100);
    const turnId = h.codex.client.router.activity.occupantOf(id)?.turnId ?? "";
    log("INT", await h.codex.client.request("turn/interrupt", { threadId: id, turnId }));
    await wait(1000); log(h.model.requests.length);
  });
  await scenario("clear while running", {}, (h) => { const g = h.model.gate(); h.model.streamText(["a", g]); (h as never as {g: typeof g}).g = g; }, async (h, id) => {
    await set(h, id); await h.model.waitForRequests(1); await wait(100);
    log("CLEAR", await h.codex.client.request("thread/goal/clear", { threadId: id }));
    (h as never as {g: {open(): void}}).g.open();
    await wait(500);
  });
  await scenario("set while turn runs, then replaced", {}, (h) => { const g = h.model.gate(); h.model.streamText(["a", g]); (h as never as {g: typeof g}).g = g; h.model.enqueue(functionCall("update_goal", { status: "complete" })).reply("done"); }, async (h, id) => {
    h.codex.client.request("turn/start", { threadId: id, input: [{ type: "text", text: "hi", text_elements: [] }] }); await h.model.waitForRequests(1); await wait(100);
    await set(h, id);
    (h as never as {g: {open(): void}}).g.open();
    await wait(700);
    h.model.enqueue(functionCall("update_goal", { status: "complete" })).reply("done");
    await set(h, id, { objective: "Two" }); 
    await wait(700);
  });
});
