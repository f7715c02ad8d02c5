import { describe, expect, it } from "vitest";

import { type RecordedMessage, startRecordedHarness } from "../support/recordedHarness.js";
import { startHarness } from "../support/testingKit.js";

describe("many requests at once", () => {
  it("are all answered, 2,000 in a burst", async () => {
    await using harness = await startHarness();
    await harness.codex.start();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 2000 }, () => harness.codex.client.request("thread/loaded/list", {})),
    );

    const answer = { status: "fulfilled", value: { data: [], nextCursor: null } };
    expect(outcomes).toEqual(Array.from({ length: 2000 }, () => answer));
  });

  it("are all answered when they are of a heavier kind", async () => {
    await using harness = await startHarness();
    await harness.codex.start();

    const pages = await Promise.all(
      Array.from({ length: 500 }, () => harness.codex.listThreads({ limit: 1 })),
    );

    expect(pages.filter(({ data }) => data.length === 0)).toHaveLength(500);
  });

  it.each([1, 3])("wait for a response no more than %i at a time, the given limit", async (cap) => {
    await using harness = await startRecordedHarness({ codex: { maxInFlightRequests: cap } });
    await harness.codex.start();

    // Starts take the runtime long enough for the next ones to be sent, if they may.
    await Promise.all(
      Array.from({ length: 9 }, () => harness.codex.startThread({ ephemeral: true })),
    );

    expect(peakInFlight(harness.recording())).toBe(cap);
  });

  it("wait for an answer no more than 64 at a time by default", async () => {
    await using harness = await startRecordedHarness();
    await harness.codex.start();

    await Promise.all(Array.from({ length: 300 }, () => harness.codex.listThreads({ limit: 1 })));

    const peak = peakInFlight(harness.recording());
    expect(peak).toBeLessThanOrEqual(64);
    expect(peak).toBeGreaterThan(8);
  });

  it("are not blocked for good by those whose callers have left", async () => {
    await using harness = await startHarness({ codex: { maxInFlightRequests: 2 } });
    const { client } = harness.codex;
    await client.start();
    const controller = new AbortController();
    const { signal } = controller;
    const left = Promise.allSettled(
      Array.from({ length: 8 }, () => client.request("thread/loaded/list", {}, { signal })),
    );
    const stayed = client.request("thread/loaded/list", {});

    controller.abort(new Error("left"));

    expect(await stayed).toEqual({ data: [], nextCursor: null });
    expect(new Set((await left).map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });
});

/** Returns the largest number of requests of the client that were in flight at once. */
function peakInFlight(recording: readonly RecordedMessage[]): number {
  const open = new Set<unknown>();
  let peak = 0;
  for (const { from, id, method } of recording) {
    if (id === undefined) continue;
    if (from === "client" && method !== undefined) open.add(id);
    if (from === "runtime" && method === undefined) open.delete(id);
    peak = Math.max(peak, open.size);
  }
  return peak;
}
