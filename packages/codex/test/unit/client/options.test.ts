import { describe, expect, it } from "vitest";

import { checkClientOptions } from "../../../src/client/options.js";
import { InvalidOptionError } from "../../../src/errors.js";

/** Returns the error for options that a caller without a compiler may pass. */
function failureOf(options: unknown): unknown {
  try {
    return checkClientOptions(options as never);
  } catch (error) {
    return error;
  }
}

describe("the options of a client", () => {
  it("may be left out", () => {
    expect(failureOf({})).toBeUndefined();
    expect(
      failureOf({
        codexPath: undefined,
        config: undefined,
        launchArgs: undefined,
        cwd: undefined,
        env: undefined,
        clientInfo: undefined,
        experimentalApi: undefined,
        onServerRequest: undefined,
        onStderr: undefined,
        onDiagnostic: undefined,
        startTimeoutMs: undefined,
        closeTimeoutMs: undefined,
        maxInFlightRequests: undefined,
        transport: undefined,
      }),
    ).toBeUndefined();
  });

  it("are taken where they are usable", () => {
    expect(
      failureOf({
        codexPath: "/x/codex",
        config: { a: 1 },
        cwd: "/",
        env: { A: "1", B: undefined },
        clientInfo: { name: "app", title: undefined },
        experimentalApi: false,
        onStderr: () => {},
        startTimeoutMs: 0.5,
        closeTimeoutMs: 2 ** 31 - 1,
        maxInFlightRequests: 1,
        transport: { type: "stdio" },
      }),
    ).toBeUndefined();
  });

  it.each([
    [null, "options"],
    ["codex", "options"],
    [{ codexpath: "/x" }, "codexpath"],
    [{ approvalPolicy: "never" }, "approvalPolicy"],
    [{ codexPath: "" }, "codexPath"],
    [{ codexPath: 5 }, "codexPath"],
    [{ codexPath: "/a\0b" }, "codexPath"],
    [{ cwd: "" }, "cwd"],
    [{ config: [] }, "config"],
    [{ config: "a=1" }, "config"],
    [{ env: null }, "env"],
    [{ env: { "A=B": "1" } }, "env"],
    [{ env: { A: 1 } }, "env.A"],
    [{ env: { A: "x\0" } }, "env.A"],
    [{ clientInfo: "app" }, "clientInfo"],
    [{ clientInfo: { name: " " } }, "clientInfo.name"],
    [{ clientInfo: { nmae: "app" } }, "nmae"],
    [{ experimentalApi: "yes" }, "experimentalApi"],
    [{ onServerRequest: {} }, "onServerRequest"],
    [{ onStderr: true }, "onStderr"],
    [{ onDiagnostic: "log" }, "onDiagnostic"],
    [{ startTimeoutMs: 0 }, "startTimeoutMs"],
    [{ startTimeoutMs: Number.NaN }, "startTimeoutMs"],
    [{ startTimeoutMs: 2 ** 31 }, "startTimeoutMs"],
    [{ closeTimeoutMs: "2s" }, "closeTimeoutMs"],
    [{ maxInFlightRequests: 0 }, "maxInFlightRequests"],
    [{ maxInFlightRequests: 1.5 }, "maxInFlightRequests"],
    [{ launchArgs: [] }, "launchArgs"],
    [{ launchArgs: "codex app-server" }, "launchArgs"],
    [{ launchArgs: ["codex", 1] }, "launchArgs[1]"],
    [{ launchArgs: ["", "x"] }, "launchArgs[0]"],
    [{ codexPath: "/a\ud800" }, "codexPath"],
    [{ env: { A: "\ud800" } }, "env.A"],
    [{ launchArgs: ["codex"], codexPath: "/x" }, "launchArgs"],
    [{ launchArgs: ["codex"], config: {} }, "launchArgs"],
  ])("are refused under their name: %j", (options, option) => {
    const failure = failureOf(options);
    expect(failure).toBeInstanceOf(InvalidOptionError);
    expect(failure).toMatchObject({ code: "INVALID_OPTION", option });
  });

  it.each([
    { env: { API_KEY: "secret-value\0" } },
    { env: { "API_KEY=secret-value": "x" } },
    { env: "API_KEY=secret-value" },
    { inheritEnv: "API_KEY=secret-value" },
    { inheritEnv: ["API_KEY=secret-value"] },
    { commandEnv: ["API_KEY=secret-value"] },
    { config: "api_key=secret-value" },
    { launchArgs: "codex --token secret-value" },
    { baseUrl: "https://host/?key=secret-value" },
    { baseUrl: "https://host/v1#secret-value" },
  ])("are refused without showing the value of a variable or setting: %j", (options) => {
    const failure = failureOf(options);
    expect(failure).toMatchObject({
      option: expect.stringContaining(Object.keys(options)[0] ?? ""),
    });
    expect(String(failure)).not.toContain("secret-value");
  });

  it("are refused with the list of known names when a name is unknown", () => {
    expect(String(failureOf({ timeout: 5 }))).toMatch(
      /timeout: new Codex\(\) does not have this option.*startTimeoutMs/,
    );
  });
});
