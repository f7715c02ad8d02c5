import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  Codex,
  type DeviceCodeLoginHandle,
  type GoalHandle,
  type Thread,
  type TurnHandle,
} from "../../src/index.js";
import { ScriptedModel } from "../../src/testing/index.js";
import { goalOf, goalUpdated, turnOf, turnStarted } from "./goalMessages.js";
import { LinkedRuntime, type Play } from "./linkedRuntime.js";
import { initializeResult } from "./wire.js";

/** One of each object that the public API returns, on a runtime that records what it receives. */
export interface ArgumentWorld extends AsyncDisposable {
  readonly codex: Codex;
  readonly thread: Thread;
  readonly turn: TurnHandle;
  readonly goal: GoalHandle;
  readonly login: DeviceCodeLoginHandle;
  readonly model: ScriptedModel;
  readonly runtime: LinkedRuntime;
}

const LOGIN = {
  type: "chatgptDeviceCode",
  loginId: "login-1",
  verificationUrl: "https://auth.invalid/",
  userCode: "ABCD-1234",
};

/** Starts the runtime, a turn, a goal and a login, which all stay open. */
export async function startArgumentWorld(): Promise<ArgumentWorld> {
  // The SDK loads it on demand: a call that is refused settles within few ticks then, as all others do.
  await import("../../src/api/portable/carrying.js");
  let threads = 0;
  const play: Play = ({ id, method }, send) => {
    switch (method) {
      case "thread/start":
        threads += 1;
        // The messages of goals are about thread-1.
        send({ id, result: { thread: { id: `thread-${threads}` } } });
        break;
      case "thread/read":
        send({
          id,
          result: { thread: { id: "thread-1", status: { type: "idle" }, ephemeral: false } },
        });
        break;
      case "thread/goal/clear":
        send({ id, result: { cleared: false } });
        break;
      case "thread/goal/set":
        send(
          { id, result: { goal: goalOf("active") } },
          goalUpdated("active"),
          turnStarted("goal-1"),
        );
        break;
      case "turn/start":
        send({ id, result: { turn: turnOf("turn-1", "inProgress") } });
        break;
      case "account/login/start":
        send({ id, result: LOGIN });
        break;
      default:
        send({ id, error: { code: -32600, message: "not scripted" } });
    }
  };
  const codexHome = await mkdtemp(join(tmpdir(), "codex-argument-world-"));
  const runtime = new LinkedRuntime(play);
  runtime.initialize = initializeResult({ codexHome });
  const codex = new Codex(runtime.options);
  const goalThread = await codex.startThread();
  const goal = await goalThread.startGoal("Build it");
  const busy = await codex.startThread();
  const turn = await busy.turn("Work");
  const login = await codex.loginChatgptDeviceCode();
  const thread = await codex.startThread();
  const model = await ScriptedModel.start();
  return {
    codex,
    thread,
    turn,
    goal,
    login,
    model,
    runtime,
    [Symbol.asyncDispose]: async () => {
      await codex.close();
      await model.close();
      runtime[Symbol.dispose]();
      // A call that nobody waits for may still write.
      await rm(codexHome, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
