import { applyPatch, shellCall, startHarness } from "@openai/codex/testing";
import { describe, expect, it } from "vitest";

import { createApp, type WebApp } from "../src/app.js";
import type { PageState } from "../src/pageState.js";

const ORIGIN = "http://localhost";

/** Makes the app on the runtime of a harness. */
async function startApp() {
  const harness = await startHarness();
  const { HOME, CODEX_HOME } = { HOME: harness.workspace, CODEX_HOME: harness.codexHome };
  const web = createApp({
    cwd: harness.workspace,
    env: { HOME, CODEX_HOME, NO_PROXY: "127.0.0.1" },
  });
  const close = async (): Promise<void> => {
    await web.codex.close();
    await harness.close();
  };
  return { ...web, harness, [Symbol.asyncDispose]: close };
}

async function post({ app }: Pick<WebApp, "app">, path: string, body: object = {}) {
  return app.request(`${ORIGIN}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: ORIGIN },
    body: JSON.stringify(body),
  });
}

async function newThread(web: Pick<WebApp, "app">): Promise<string> {
  const response = await post(web, "/api/threads");
  const { id }: { id: string } = JSON.parse(await response.text());
  return id;
}

/** Reads the states that a page receives until one of them fits. */
async function stateOf(
  { app }: Pick<WebApp, "app">,
  id: string,
  fits: (state: PageState) => boolean,
): Promise<PageState> {
  const leave = new AbortController();
  const response = await app.request(`${ORIGIN}/api/threads/${id}/events`, {
    signal: leave.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) throw new Error(`The stream ended: ${text}`);
      const events = (text + chunk.value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const state: PageState = JSON.parse(event.replace(/^data: /, ""));
        if (fits(state)) return state;
      }
    }
  } finally {
    leave.abort();
    await reader?.cancel();
  }
}

const typesOf = ({ items }: PageState): string[] => items.map(({ item }) => item.type);

describe("the web app", () => {
  it("streams a turn to the page, and keeps it for a reload in the middle of the turn", async () => {
    await using web = await startApp();
    const gate = web.harness.model.gate();
    web.harness.model.streamText(["Hello ", gate, "there."]);
    const id = await newThread(web);

    await post(web, `/api/threads/${id}/messages`, { text: "Hi." });
    await gate.reached;
    const hasHello = (state: PageState): boolean => JSON.stringify(state).includes('"Hello "');
    const before = await stateOf(web, id, hasHello);
    const afterReload = await stateOf(web, id, () => true);
    gate.open();
    const end = await stateOf(web, id, ({ isRunning }) => !isRunning);

    expect(before).toMatchObject({ isRunning: true });
    expect(afterReload).toEqual(before);
    expect(end.items.at(-1)).toMatchObject({
      item: { type: "agentMessage", text: "Hello there." },
    });
    expect(end).toMatchObject({ isRunning: false, problem: null, totalTokens: 2 });
  });

  it("asks the page before a command leaves the sandbox, and declines what is declined", async () => {
    await using web = await startApp();
    const escalated = { sandbox_permissions: "require_escalated", justification: "Why not." };
    web.harness.model.enqueue(shellCall("touch outside", escalated)).reply("I did not.");
    const id = await newThread(web);

    await post(web, `/api/threads/${id}/messages`, { text: "Go." });
    const { approvals } = await stateOf(web, id, (state) => state.approvals.length === 1);
    const path = `/api/threads/${id}/approvals/${approvals[0]?.id}`;
    const unknown = await post(web, `/api/threads/${id}/approvals/other`, { answer: "accept" });
    const wrong = await post(web, path, { answer: "acceptForSession" });
    const answered = await post(web, path, { answer: "decline" });
    const end = await stateOf(web, id, ({ isRunning }) => !isRunning);

    expect([unknown.status, wrong.status, answered.status]).toEqual([409, 400, 200]);
    expect(approvals[0]?.request).toMatchObject({ kind: "command", reason: "Why not." });
    expect(end.approvals).toEqual([]);
    const command = end.items.find(({ item }) => item.type === "commandExecution");
    expect(command).toMatchObject({ item: { status: "declined" } });
  });

  it("shows a file change with its diff, and the stored thread after a restart", async () => {
    await using web = await startApp();
    web.harness.model.enqueue(applyPatch({ "notes.txt": "Buy milk.\n" })).reply("Noted.");
    const id = await newThread(web);
    await post(web, `/api/threads/${id}/messages`, { text: "Note milk." });
    const end = await stateOf(web, id, ({ isRunning }) => !isRunning);
    await web.codex.close();

    const env = { CODEX_HOME: web.harness.codexHome, HOME: web.harness.workspace };
    const second = createApp({ cwd: web.harness.workspace, env });
    const stored = await stateOf(second, id, () => true);
    await second.codex.close();

    const change = end.items.find(({ item }) => item.type === "fileChange");
    expect(JSON.stringify(change)).toContain("Buy milk.");
    expect(typesOf(stored)).toEqual(typesOf(end));
  });

  it("stops a turn, and adds a second message to a running one", async () => {
    await using web = await startApp();
    const { model } = web.harness;
    const gates = [model.gate(), model.gate()] as const;
    model.streamText(["One", gates[0]]).streamText(["Two", gates[1]]);
    const id = await newThread(web);

    await post(web, `/api/threads/${id}/messages`, { text: "Count." });
    await gates[0].reached;
    await post(web, `/api/threads/${id}/messages`, { text: "Faster." });
    await gates[1].reached;
    await post(web, `/api/threads/${id}/stop`);
    const end = await stateOf(web, id, ({ isRunning }) => !isRunning);

    expect(JSON.stringify(end.items)).toContain("Faster.");
    expect(end.problem).toBeNull();
  });

  it("refuses requests of other sites, by origin, host or form", async () => {
    await using web = await startApp();
    const send = (url: string, headers: Record<string, string>): Promise<Response> =>
      Promise.resolve(web.app.request(url, { method: "POST", headers, body: "{}" }));
    const json = { "content-type": "application/json" };

    const responses = await Promise.all([
      send(`${ORIGIN}/api/threads`, { ...json, origin: "https://evil.example" }),
      send("http://evil.example/api/threads", json),
      send(`${ORIGIN}/api/threads`, { "content-type": "text/plain" }),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
