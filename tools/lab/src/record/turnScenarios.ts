import type { TurnHandle } from "@openai/codex";
import { functionCall, type Harness, shellCall } from "@openai/codex/testing";

import type { Scenario } from "./scenario.js";

async function startTurn({ codex }: Harness): Promise<TurnHandle> {
  const thread = await codex.startThread({ sandbox: "danger-full-access" });
  return thread.turn("Go.");
}

/** Scenarios of turns, with the ways to steer and end them. */
export const TURN_SCENARIOS: readonly Scenario[] = [
  {
    name: "turn",
    async run(harness) {
      harness.model.reply("Hello.");
      await (await startTurn(harness)).run();
    },
  },
  {
    name: "streamedTurn",
    async run(harness) {
      harness.model.streamText(["Hel", "lo", "."]);
      await (await startTurn(harness)).run();
    },
  },
  {
    name: "command",
    async run(harness) {
      harness.model.enqueue(shellCall("echo hi")).reply("Done.");
      await (await startTurn(harness)).run();
    },
  },
  {
    name: "failure",
    async run(harness) {
      harness.model.fail("server_error", "The model is out of order.");
      await (await startTurn(harness)).run().catch(() => {});
    },
  },
  {
    name: "interrupt",
    async run(harness) {
      const gate = harness.model.gate();
      harness.model.streamText(["Hel", gate]);
      const turn = await startTurn(harness);
      await readUntil(turn, "item/agentMessage/delta", () => turn.interrupt());
    },
  },
  {
    name: "steer",
    async run(harness) {
      const gate = harness.model.gate();
      harness.model.streamText(["Going west", gate]).reply("Turned north.");
      const turn = await startTurn(harness);
      await readUntil(turn, "item/agentMessage/delta", () => turn.steer("Go north."));
    },
  },
  {
    name: "compact",
    async run({ codex, model }) {
      model.reply("Hello.").reply("They greeted.");
      const thread = await codex.startThread();
      await thread.run("Go.");
      await thread.compact();
    },
  },
  {
    name: "review",
    async run({ codex, model }) {
      model.reply("No mistakes found.");
      const thread = await codex.startThread();
      const target = { type: "custom", instructions: "Look for mistakes." } as const;
      await (await codex.review(thread.id, { target })).run();
    },
  },
  {
    name: "goal",
    async run({ codex, model }) {
      const complete = functionCall("update_goal", { status: "complete" });
      model.reply("Half done.").enqueue(complete).reply("All done.");
      await (await codex.startThread()).runGoal("Build it.");
    },
  },
];

/** Reads a turn to its end and acts once, at the first event of `method`. */
async function readUntil(
  turn: TurnHandle,
  method: string,
  act: () => Promise<void>,
): Promise<void> {
  let acting: Promise<void> | undefined;
  for await (const event of turn.stream()) {
    if (event.method === method) acting ??= act();
  }
  await acting;
}
