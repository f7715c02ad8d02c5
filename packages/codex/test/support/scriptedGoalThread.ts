import { fileURLToPath } from "node:url";

import { Codex } from "../../src/api/codex.js";
import { goalOf, goalUpdated } from "./goalMessages.js";

const SERVER = fileURLToPath(new URL("./sequencedAppServer.mjs", import.meta.url));

export const answer = (result: object) => ({ id: "$id", result });
export const refusal = (message: string) => ({ id: "$id", error: { code: -32600, message } });
export const readThread = (type: string) => [
  answer({ thread: { id: "thread-1", status: { type }, ephemeral: false } }),
];
export const setGoal = [answer({ goal: goalOf("active") }), goalUpdated("active")];
export const pauseGoal = [answer({ goal: goalOf("paused") }), goalUpdated("paused")];
export const otherTurn = "expected active turn id `turn-1` but found `turn-2`";

/** A thread of a runtime that answers as scripted, and the requests on it that the runtime got. */
export async function scriptedThread(script: Record<string, readonly (readonly unknown[])[]>) {
  const common = {
    "thread/start": [[answer({ thread: { id: "thread-1" } })]],
    "thread/read": [readThread("idle")],
    "thread/goal/clear": [[answer({ cleared: false })]],
  };
  const launchArgs = [process.execPath, SERVER, JSON.stringify({ ...common, ...script })];
  const codex = new Codex({ launchArgs });
  const thread = await codex.startThread();
  const requests: { method: string; params: unknown }[] = [];
  const { onNotification } = codex.client.router;
  codex.client.router.onNotification = (message) => {
    onNotification(message);
    // The scripted runtime sends it in this form.
    if (message.method === "test/request")
      requests.push(message.params as (typeof requests)[number]);
  };
  return {
    codex,
    thread,
    sent: (wanted: string) =>
      requests.filter(({ method }) => method === wanted).map(({ params }) => params),
    methods: () => requests.map(({ method }) => method),
    [Symbol.asyncDispose]: () => codex.close(),
  };
}
