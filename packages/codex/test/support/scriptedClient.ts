import { setImmediate } from "node:timers/promises";

import { Codex, type CodexOptions } from "../../src/index.js";
import { inspectorOf } from "./inspectorOf.js";
import { type ScriptedAnswer, scriptedRuntime } from "./scriptedPlay.js";
import { THREAD, turn, turnStarted } from "./wire.js";

/** Makes a response to the request that the script answers. */
export const answer = (result: object) => ({ id: "$id", result });

const opened = answer({ thread: { id: THREAD, status: { type: "idle" } } });

/** The thread is idle, and a turn on it starts and does not end. */
const DEFAULTS: Readonly<Record<string, readonly ScriptedAnswer[]>> = {
  "thread/start": [[opened]],
  "thread/resume": [[opened]],
  "thread/read": [[answer({ thread: { id: THREAD, status: { type: "idle" }, turns: [] } })]],
  "thread/goal/clear": [[answer({ cleared: false })]],
  "turn/start": [[answer({ turn: turn("turn-1", "inProgress") }), turnStarted("turn-1")]],
};

/** Makes a client of a runtime in this process that answers as scripted. */
export async function scriptedClient(
  script: Readonly<Record<string, readonly ScriptedAnswer[]>>,
  options: CodexOptions = {},
) {
  const runtime = scriptedRuntime({ ...DEFAULTS, ...script });
  const codex = new Codex({ ...runtime.options, ...options });
  const inspect = await inspectorOf(codex);
  const received = (method: string) => runtime.received.filter((one) => one.method === method);
  return {
    codex,
    runtime,
    /** The requests of one method that the runtime has received. */
    received,
    /** Answers the first request of a method, which the script left without a response. */
    answerLate: (method: string, result: object) =>
      runtime.send({ id: received(method)[0]?.id, result }),
    /** The maps and buffers of the client that hold something. */
    held: () =>
      Object.entries(inspect())
        .filter(([, size]) => size > 0)
        .map(([name]) => name),
    async [Symbol.asyncDispose]() {
      await codex.close();
      runtime[Symbol.dispose]();
    },
  };
}

/** Waits until every waiter for what has been sent had its turn. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
}
