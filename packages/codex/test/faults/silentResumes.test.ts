import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Codex, RequestTimeoutError, type Thread } from "../../src/index.js";
import type { LinkedRuntime } from "../support/linkedRuntime.js";
import { rejectionOf } from "../support/rejection.js";
import { scriptedRuntime } from "../support/scriptedPlay.js";
import { agentMessage, itemCompleted, THREAD, turnCompleted } from "../support/wire.js";

// The rule: the limits of a call hold for each of its steps, also for the resume before its request.

const LIMIT = { timeoutMs: 20 };
const CALLS: readonly (readonly [string, string, (thread: Thread) => Promise<unknown>])[] = [
  ["run", "turn/start", (thread) => thread.run("Go.", LIMIT)],
  ["compact", "thread/compact/start", (thread) => thread.compact(LIMIT)],
  ["inject", "thread/inject_items", (thread) => thread.inject([{ type: "message" }], LIMIT)],
  ["revert", "thread/revert", (thread) => thread.revert("turn-1", LIMIT)],
  [
    "updateSettings",
    "thread/settings/update",
    (thread) => thread.updateSettings({ model: "m", ...LIMIT }),
  ],
];

describe("a runtime that does not respond to thread/resume", () => {
  let runtime: LinkedRuntime;
  let codex: Codex;
  beforeEach(() => {
    runtime = scriptedRuntime({ "thread/resume": [[]] });
    codex = new Codex(runtime.options);
  });
  afterEach(async () => {
    await codex.close();
    runtime[Symbol.dispose]();
  });

  it.each(CALLS)("does not hold %s beyond its timeoutMs", async (_name, method, call) => {
    const error = await rejectionOf(call(codex.thread("thread-1")));

    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect(error).toMatchObject({ method });
    expect(runtime.received.map((message) => message.method)).not.toContain(method);
  });
});

describe("an unload whose caller left before the response", () => {
  it("leaves a thread that its next turn resumes", async () => {
    const opened = { id: "$id", result: { thread: { id: THREAD, status: { type: "idle" } } } };
    using runtime = scriptedRuntime({
      "thread/start": [[opened]],
      "thread/resume": [[opened]],
      "thread/unsubscribe": [[]],
      "turn/start": [
        [
          { id: "$id", result: { turn: { id: "turn-1" } } },
          itemCompleted(agentMessage("Fine.")),
          turnCompleted(),
        ],
      ],
    });
    await using codex = new Codex(runtime.options);
    const thread = await codex.startThread();
    expect(await rejectionOf(thread.unload(LIMIT))).toBeInstanceOf(RequestTimeoutError);

    expect((await thread.run("Go.")).finalResponse).toBe("Fine.");
    const sent = runtime.received.map(({ method }) => method);
    expect(
      sent.filter((method) => method?.startsWith("thread/") || method === "turn/start"),
    ).toEqual(["thread/start", "thread/unsubscribe", "thread/resume", "turn/start"]);
  });
});
