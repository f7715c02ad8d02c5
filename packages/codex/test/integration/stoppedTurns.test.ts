import { describe, expect, it } from "vitest";

import { startRecordedHarness } from "../support/recordedHarness.js";
import { STOPS, stopAndRun } from "../support/stoppedTurns.js";

/** Set for a longer run, such as 100. */
const ROUNDS = Number(process.env["STOPPED_TURN_ROUNDS"] ?? "3");

describe("the next turn right after one was stopped", () => {
  it.each(Object.entries(STOPS))("runs when the stop was by %s", async (_name, stop) => {
    await using harness = await startRecordedHarness();

    expect(await stopAndRun(harness, stop, ROUNDS)).toEqual([]);
  });
});
