import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Codex, RequestTimeoutError, type Thread } from "../../src/index.js";
import type { LinkedRuntime } from "../support/linkedRuntime.js";
import { rejectionOf } from "../support/rejection.js";
import { scriptedRuntime } from "../support/scriptedPlay.js";

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
