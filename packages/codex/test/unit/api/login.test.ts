import { inspect } from "node:util";

import { afterEach, describe, expect, it } from "vitest";

import { Codex } from "../../../src/index.js";
import type { LinkedRuntime } from "../../support/linkedRuntime.js";
import { type ScriptedAnswer, scriptedRuntime } from "../../support/scriptedPlay.js";

const runtimes: LinkedRuntime[] = [];

afterEach(() => {
  for (const runtime of runtimes.splice(0)) runtime[Symbol.dispose]();
});

/** A client of a runtime that answers the start of a login with these messages; "$id" is the request's id. */
function codexAnswering(...answers: ScriptedAnswer): Codex {
  const runtime = scriptedRuntime({ "account/login/start": [answers] });
  runtimes.push(runtime);
  return new Codex(runtime.options);
}

const DEVICE_CODE_ANSWER = {
  type: "chatgptDeviceCode",
  loginId: "login-1",
  verificationUrl: "https://auth.invalid/",
  userCode: "ABCD-1234",
};

function completed(loginId: string): object {
  const params = { loginId, success: true, error: null };
  return { method: "account/login/completed", params };
}

describe("a login's start", () => {
  it("has the completion of its attempt when that arrives before the response", async () => {
    await using codex = codexAnswering(completed("somebody-else"), completed("login-1"), {
      id: "$id",
      result: { type: "chatgpt", loginId: "login-1", authUrl: "https://auth.invalid/" },
    });

    const login = await codex.loginChatgpt();

    expect(login).toEqual({
      loginId: "login-1",
      authUrl: "https://auth.invalid/",
      wait: expect.any(Function),
      cancel: expect.any(Function),
    });
    expect(await login.wait()).toEqual({ loginId: "login-1", success: true, error: null });
  });

  it("refuses the response to another kind of login, and shows only its type", async () => {
    await using codex = codexAnswering(
      { id: "$id", result: { type: "apiKey", loginId: "login-1", apiKey: "sk-marker-0123456789" } },
      completed("login-1"),
    );

    const error: unknown = await codex.loginChatgpt().catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      name: "CodexProtocolError",
      code: "PROTOCOL",
      message:
        'account/login/start: the response to a login of type "chatgpt" has the type "apiKey", or lacks loginId or authUrl; use the runtime version that this SDK is made for.',
    });
    expect(inspect(error, { depth: Infinity })).not.toContain("sk-marker");
  });

  it.each([
    ["a member is missing", { ...DEVICE_CODE_ANSWER, verificationUrl: undefined }],
    ["a member is not a string", { ...DEVICE_CODE_ANSWER, loginId: 1 }],
    ["the type belongs to another login", { ...DEVICE_CODE_ANSWER, type: "chatgpt" }],
    ["it is not an object", "chatgptDeviceCode"],
    ["it is null", null],
  ])("refuses a response of which %s", async (_what, result) => {
    await using codex = codexAnswering({ id: "$id", result });

    await expect(codex.loginChatgptDeviceCode()).rejects.toMatchObject({ code: "PROTOCOL" });
  });

  it("passes the completion of a refused attempt to notifications()", async () => {
    await using codex = codexAnswering(
      { id: "$id", result: { type: "chatgptDeviceCode", loginId: "login-1" } },
      completed("login-1"),
    );
    const next = codex.notifications().next();

    await expect(codex.loginChatgptDeviceCode()).rejects.toMatchObject({ code: "PROTOCOL" });

    expect(await next).toEqual({ value: completed("login-1"), done: false });
  });

  it("is rejected when the runtime ends before the response", async () => {
    await using codex = codexAnswering("exit");

    await expect(codex.loginChatgpt()).rejects.toMatchObject({
      code: "TRANSPORT_CLOSED",
      exitCode: 3,
    });
  });
});

describe("wait() on a login", () => {
  it("is rejected when the runtime ends before the completion, each time it is called", async () => {
    await using codex = codexAnswering(
      { id: "$id", result: { type: "chatgpt", loginId: "login-1", authUrl: "https://a.invalid/" } },
      "exit",
    );
    const login = await codex.loginChatgpt();

    const first: unknown = await login.wait().catch((error: unknown) => error);
    const second: unknown = await login.wait().catch((error: unknown) => error);

    for (const error of [first, second]) {
      expect(error).toMatchObject({ code: "TRANSPORT_CLOSED", exitCode: 3 });
    }
    await expect(login.cancel()).rejects.toMatchObject({ code: "TRANSPORT_CLOSED", exitCode: 3 });
  });

  it("is rejected when the client is closed before the completion", async () => {
    const codex = codexAnswering({
      id: "$id",
      result: { type: "chatgpt", loginId: "login-1", authUrl: "https://a.invalid/" },
    });
    const login = await codex.loginChatgpt();
    const waiting = login.wait().catch((error: unknown) => error);

    await codex.close();

    expect(await waiting).toMatchObject({ code: "CLOSED" });
  });
});

describe("loginApiKey", () => {
  it.each([
    ["empty", ""],
    ["of spaces", "   "],
    ["with the line break of the file that it was read from", "sk-marker-0123456789\n"],
    ["with a space before it", " sk-marker-0123456789"],
    ["with a control character", "sk-marker\u0000-0123456789"],
    ["that is not a string", { key: "sk-marker-0123456789" }],
    ["that is undefined", undefined],
    ["with a letter outside of ASCII", "sk-marker-0123456789é"],
    ["with a lone surrogate", "sk-marker-0123456789\ud800"],
  ])("refuses a key %s without quoting any part of it, and sends nothing", async (_, key) => {
    await using codex = codexAnswering("exit");

    // A caller without a compiler may pass anything.
    const error: unknown = await codex
      .loginApiKey(key as string)
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ name: "InvalidOptionError", code: "INVALID_OPTION" });
    expect(error).toHaveProperty("option", expect.stringMatching(/(?:^|\.)apiKey$/u));
    expect(inspect(error, { depth: Infinity })).not.toContain("sk-marker");
  });
});
