import { describe, expect, it } from "vitest";

import { cellOf } from "../../src/skew/page.js";
import { testPublished } from "../../src/skew/runTests.js";
import { DEFAULT_VERSIONS } from "../../src/skew/versions.js";

/** Tests that fail on a runtime. docs/skew.md has all versions. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "0.116.0": {
    "counts the tokens of each turn": "differs",
    "starts a thread with the default approval mode": "`InvalidRequestError`",
    "reads a thread's goal": "`InvalidRequestError`",
    "lists a thread's items": "`InvalidRequestError`",
    "deletes a thread": "`InvalidRequestError`",
  },
};

// One after the other: each runtime takes several hundred megabytes on the disk until it is deleted.
describe("the SDK with another runtime", () => {
  it.each(DEFAULT_VERSIONS)(
    "passes the tests of anyRuntime on %s, except for features that it lacks",
    async (version) => {
      const results = await testPublished(version);

      expect(results.length).toBeGreaterThan(10);
      const failures = results.filter(({ failure }) => failure !== null);
      expect(
        Object.fromEntries(failures.map(({ feature, failure }) => [feature, cellOf(failure)])),
      ).toEqual(exceptions[version] ?? {});
    },
    300_000,
  );
});
