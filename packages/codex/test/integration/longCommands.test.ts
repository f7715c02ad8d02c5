import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

const COMMANDS = 64;

describe("64 commands that run for long", () => {
  it("do not delay an interrupt or a list of models: both are answered while all commands run", async () => {
    await using harness = await startRecordedHarness();
    const { codex, model } = harness;
    const gate = model.gate();
    model.enqueue(gate, message("late"));
    const thread = await codex.startThread();
    const turn = await thread.turn("Work");
    await gate.reached;
    const controller = new AbortController();
    let ended = 0;
    const commands = Array.from({ length: COMMANDS }, () =>
      codex
        .runCommand(["sleep", "60"], { signal: controller.signal })
        .catch(() => undefined)
        .finally(() => {
          ended += 1;
        }),
    );

    await codex.models();
    await turn.interrupt();

    expect((await turn.result).status).toBe("interrupted");
    expect(ended).toBe(0);
    gate.open();
    controller.abort();
    await Promise.all(commands);
  });
});
