import { describe, expect, it } from "vitest";

import { mergeConfig, toToml } from "../../../src/testing/configToml.js";

describe("the harness's config", () => {
  it("is written with plain keys before tables, and every string escaped", () => {
    const toml = toToml({
      features: { plugins: false },
      model: 'a "b"\n\\\u007f',
      retries: 0,
      list: ["x", 1.5, { "odd key": true, gone: undefined }],
      mcp_servers: { "a.b": { command: "node" } },
      absent: undefined,
    });

    expect(toml).toBe(
      [
        String.raw`model = "a \"b\"\n\\\u007f"`,
        "retries = 0",
        'list = ["x", 1.5, { "odd key" = true }]',
        "",
        "[features]",
        "plugins = false",
        "",
        '[mcp_servers."a.b"]',
        'command = "node"',
        "",
      ].join("\n"),
    );
  });

  it("takes what the test adds, table by table, and drops what the test unsets", () => {
    const merged = mergeConfig(
      { model: "m", features: { plugins: false, goals: false }, provider: { name: "p" } },
      { model: undefined, features: { goals: true }, provider: "flat" },
    );

    expect(toToml(merged)).toBe(
      ['provider = "flat"', "", "[features]", "plugins = false", "goals = true", ""].join("\n"),
    );
  });

  it("refuses a number that TOML cannot hold", () => {
    expect(() => toToml({ timeout: Number.NaN })).toThrow("NaN is not a number");
  });
});
