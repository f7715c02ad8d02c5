import { afterEach, expect, it, vi } from "vitest";

import { answer, scriptedClient } from "../support/scriptedClient.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  turn,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("a turn runs to its end while timers and microtasks of a test framework do nothing", async () => {
  const started = [answer({ turn: turn("turn-1", "inProgress") }), turnStarted()];
  const rest = [delta("Fine."), itemCompleted(agentMessage("Fine.")), turnCompleted()];
  await using client = await scriptedClient({ "turn/start": [[...started, ...rest]] });
  const thread = await client.codex.startThread();
  vi.stubGlobal("queueMicrotask", () => {});
  // In a browser window, as jsdom has it, a timer is a number.
  vi.stubGlobal("setTimeout", () => 7);
  vi.stubGlobal("clearTimeout", () => {});

  const run = thread.run("Go.", { idleTimeoutMs: 60_000, timeoutMs: 60_000 });

  expect((await run).finalResponse).toBe("Fine.");
});
