import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { rejectionOf } from "../support/rejection.js";
import { scriptedRuntime } from "../support/scriptedPlay.js";
import { agentMessage, itemCompleted, turnCompleted } from "../support/wire.js";

// The rule: a turn that another client started is joined only as the caller asked for it.

const THREAD = "thread-1";
const RUNNING = { id: "turn-1", status: "inProgress", items: [] };
const resumed = {
  id: "$id",
  result: { thread: { id: THREAD, status: { type: "active" }, turns: [RUNNING] } },
};
const refusal = (message: string) => ({ id: "$id", error: { code: -32_600, message } });

function start(script: Parameters<typeof scriptedRuntime>[0]) {
  const runtime = scriptedRuntime({ "thread/resume": [[resumed]], ...script });
  const codex = new Codex(runtime.options);
  return {
    codex,
    runtime,
    methods: () => runtime.received.map(({ method }) => method),
    async [Symbol.asyncDispose]() {
      await codex.close();
      runtime[Symbol.dispose]();
    },
  };
}

describe("a steer that the runtime refuses", () => {
  it("leaves the rest of the turn to notifications()", async () => {
    await using at = start({
      "turn/steer": [
        [
          refusal("the active turn is not steerable"),
          itemCompleted(agentMessage("Late."), "turn-1", THREAD),
          turnCompleted("turn-1", THREAD),
        ],
      ],
    });
    const thread = await at.codex.resumeThread(THREAD);
    const seen: string[] = [];
    const reader = (async () => {
      for await (const { method } of at.codex.notifications()) {
        seen.push(method);
        if (method === "turn/completed") break;
      }
    })();
    await rejectionOf(thread.run("Go.", { whenBusy: "steer" }));
    await reader;
    expect(seen).toEqual(["item/completed", "turn/completed"]);
  });

  it("and names another active turn joins that one, without a start", async () => {
    await using at = start({
      "turn/steer": [
        [refusal("expected active turn id `turn-1` but found `turn-2`")],
        [
          { id: "$id", result: { turnId: "turn-2" } },
          itemCompleted(agentMessage("Fine."), "turn-2", THREAD),
          turnCompleted("turn-2", THREAD),
        ],
      ],
    });
    const thread = await at.codex.resumeThread(THREAD);
    const result = await thread.run("Go.", { whenBusy: "steer" });
    expect(result).toMatchObject({ id: "turn-2", finalResponse: "Fine." });
    expect(at.methods()).not.toContain("turn/start");
  });
});
