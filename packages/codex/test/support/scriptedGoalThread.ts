import { Codex } from "../../src/api/codex.js";
import { goalOf, goalUpdated } from "./goalMessages.js";
import { type ScriptedAnswer, scriptedRuntime } from "./scriptedPlay.js";

export const answer = (result: object) => ({ id: "$id", result });
export const refusal = (message: string) => ({ id: "$id", error: { code: -32600, message } });
export const readThread = (type: string) => [
  answer({ thread: { id: "thread-1", status: { type }, ephemeral: false } }),
];
export const setGoal = [answer({ goal: goalOf("active") }), goalUpdated("active")];
export const pauseGoal = [answer({ goal: goalOf("paused") }), goalUpdated("paused")];
export const otherTurn = "expected active turn id `turn-1` but found `turn-2`";

/** A thread of a runtime that answers as scripted, and the requests on it that the runtime got. */
export async function scriptedThread(script: Record<string, readonly ScriptedAnswer[]>) {
  const runtime = scriptedRuntime({
    "thread/start": [[answer({ thread: { id: "thread-1" } })]],
    "thread/read": [readThread("idle")],
    "thread/goal/clear": [[answer({ cleared: false })]],
    ...script,
  });
  const codex = new Codex(runtime.options);
  const thread = await codex.startThread();
  return {
    codex,
    thread,
    sent: (wanted: string) =>
      runtime.received.filter(({ method }) => method === wanted).map(({ params }) => params),
    methods: () => runtime.received.flatMap(({ method }) => (method === undefined ? [] : [method])),
    async [Symbol.asyncDispose]() {
      await codex.close();
      runtime[Symbol.dispose]();
    },
  };
}
