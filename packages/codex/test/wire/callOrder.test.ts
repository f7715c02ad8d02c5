import { expect, it } from "vitest";

import { answer, scriptedClient } from "../support/scriptedClient.js";

it("a turn, its steer and a later request are on the wire in the order of the calls", async () => {
  await using client = await scriptedClient({
    "turn/steer": [[answer({ turnId: "turn-1" })]],
    "first/call": [[answer({})]],
    "second/call": [[answer({})]],
  });
  const { codex, runtime } = client;
  const thread = await codex.startThread();
  const before = runtime.received.length;

  const started = thread.turn("Go.");
  const first = codex.client.request("first/call", {});
  const turn = await started;
  const steered = turn.steer("More.");
  await Promise.all([first, steered, codex.client.request("second/call", {})]);

  expect(runtime.received.slice(before).map(({ method }) => method)).toEqual([
    "turn/start",
    "first/call",
    "turn/steer",
    "second/call",
  ]);
});
