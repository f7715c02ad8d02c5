import { readFile } from "node:fs/promises";

import { type ApprovalHandler, Codex, type CodexOptions } from "@openai/codex";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";

import { type Answer, Session } from "./session.js";

const PAGE = new URL("../page/", import.meta.url);
const FILES: ReadonlyMap<string, string> = new Map([
  ["index.html", "text/html; charset=utf-8"],
  ["page.js", "text/javascript; charset=utf-8"],
  ["view.js", "text/javascript; charset=utf-8"],
  ["style.css", "text/css; charset=utf-8"],
]);

/** The app, and the client that it runs on. */
export interface WebApp {
  readonly app: Hono;
  readonly codex: Codex;
}

/** Makes the app for one person on this machine. `options` are further options of the client. */
export function createApp(options: CodexOptions = {}): WebApp {
  const sessions = new Map<string, Promise<Session>>();
  const onApproval: ApprovalHandler = async (request, context) => {
    const session = await sessions.get(request.threadId);
    // The page shows and answers these two kinds only.
    const isShown = request.kind === "command" || request.kind === "fileChange";
    return session === undefined || !isShown ? "decline" : session.ask(request, context);
  };
  const codex = new Codex({ ...options, onApproval });

  /** Returns the session of a thread. Two pages of one thread share it. */
  function sessionOf(id: string): Promise<Session> {
    let session = sessions.get(id);
    if (session === undefined) {
      session = codex
        .resumeThread(id, { onApproval, sandbox: "workspace-write" })
        .then((thread) => Session.open(thread, false));
      sessions.set(id, session);
      session.catch(() => sessions.delete(id));
    }
    return session;
  }

  const app = new Hono();

  // Other sites must not reach the agent: neither by a form or `fetch` (origin), nor by a name that
  // leads to this machine (host).
  app.use(async (context, next) => {
    const { host, protocol } = new URL(context.req.url);
    const origin = context.req.header("origin");
    const isLocal = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(host);
    const isOwn = origin === undefined || origin === `${protocol}//${host}`;
    const isRead = context.req.method === "GET";
    const isJson = context.req.header("content-type") === "application/json";
    if (!isLocal || !isOwn || (!isRead && !isJson)) return context.text("Refused", 403);
    await next();
    context.header(
      "content-security-policy",
      "default-src 'self'; img-src data:; frame-ancestors 'none'",
    );
    context.header("cache-control", "no-store");
    return undefined;
  });

  app.get("/api/threads", async (context) => {
    const { data } = await codex.listThreads({ limit: 30 });
    return context.json(data.map(({ id, name, preview }) => ({ id, name: name ?? preview })));
  });

  app.post("/api/threads", async (context) => {
    const thread = await codex.startThread({ onApproval, sandbox: "workspace-write" });
    sessions.set(thread.id, Session.open(thread, true));
    return context.json({ id: thread.id });
  });

  app.post("/api/threads/:id/messages", async (context) => {
    const { text }: { text?: unknown } = await context.req.json();
    if (typeof text !== "string" || text.trim() === "") return context.text("No text", 400);
    await (await sessionOf(context.req.param("id"))).send(text);
    return context.json({});
  });

  app.post("/api/threads/:id/stop", async (context) => {
    await (await sessionOf(context.req.param("id"))).stop();
    return context.json({});
  });

  app.post("/api/threads/:id/approvals/:approval", async (context) => {
    const { answer }: { answer?: unknown } = await context.req.json();
    if (!isAnswer(answer)) return context.text("No answer", 400);
    const session = await sessionOf(context.req.param("id"));
    const isOpen = session.answer(context.req.param("approval"), answer);
    return isOpen ? context.json({}) : context.text("Not open any more", 409);
  });

  app.get("/api/threads/:id/events", async (context) => {
    const session = await sessionOf(context.req.param("id"));
    return streamSSE(context, async (stream) => {
      let wake = (): void => undefined;
      let hasChanged = true;
      const stopListening = session.listen(() => {
        hasChanged = true;
        wake();
      });
      stream.onAbort(() => wake());
      while (!stream.aborted) {
        if (hasChanged) {
          hasChanged = false;
          // A page that reads slowly gets fewer, newer states, and none waits for it.
          // oxlint-disable-next-line no-await-in-loop
          await stream.writeSSE({ data: JSON.stringify(session.state) });
        } else {
          // oxlint-disable-next-line no-await-in-loop
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      stopListening();
    });
  });

  app.get("/:file?", async (context) => {
    const file = context.req.param("file") ?? "index.html";
    const type = FILES.get(file);
    if (type === undefined) return context.text("Not found", 404);
    return context.body(await readFile(new URL(file, PAGE), "utf8"), 200, { "content-type": type });
  });

  app.onError((error, context) => context.text(error.message, 500));
  return { app, codex };
}

function isAnswer(value: unknown): value is Answer {
  return value === "accept" || value === "decline";
}
