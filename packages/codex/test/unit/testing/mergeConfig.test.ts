import { expect, it } from "vitest";

import { mergeConfig } from "../../../src/testing/mergeConfig.js";

it("a harness's config gets what the test adds, table by table, and loses what the test unsets", () => {
  const merged = mergeConfig(
    { model: "m", features: { plugins: false, goals: false }, provider: { name: "p" } },
    { model: undefined, features: { goals: true }, provider: "flat" },
  );

  expect(merged).toEqual({ features: { plugins: false, goals: true }, provider: "flat" });
});
