import { describe, expect, it } from "vitest";

import { wordOf } from "../src/outcome.js";
import { features, probePublished } from "../src/probeRuntime.js";
import { DEFAULT_VERSIONS } from "../src/versions.js";

/** What is not simply "ok". The whole list of versions, and what each refuses, is in docs/skew.md. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "0.116.0": {
    usage: "differs",
    autoReview: "INVALID_REQUEST",
    goal: "INVALID_REQUEST",
    listItems: "INVALID_REQUEST",
    deleteThread: "INVALID_REQUEST",
  },
};

// One after the other: each runtime is several hundred megabytes on the disk, and is deleted again.
describe("the SDK at its pin", () => {
  it.each(DEFAULT_VERSIONS)(
    "runs turns on the runtime %s, and says with a typed error what that lacks",
    async (version) => {
      const { outcomes } = await probePublished(version);

      const words = Object.entries(outcomes).map(([name, outcome]) => [name, wordOf(outcome)]);
      const allGood = Object.fromEntries(features.map((name) => [name, "ok"]));
      expect(Object.fromEntries(words)).toEqual({ ...allGood, ...exceptions[version] });
    },
    170_000,
  );
});
