import { generateKeyPairSync } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Codex } from "../../../src/api/codex.js";
import type { CodexOptions } from "../../../src/api/codexOptions.js";
import { toWebSocketEndpoint } from "../../../src/client/transportOptions.js";

const SECRET = "hunter2hunter2";

function refusalOf(options: unknown): unknown {
  try {
    // A caller without a compiler can pass anything.
    void new Codex(options as CodexOptions);
  } catch (error) {
    if (String(error).includes(SECRET)) throw new Error("The secret is shown.", { cause: error });
    return error;
  }
  return undefined;
}

/** An encrypted private key. */
const KEY = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: {
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "of-the-key",
  },
}).privateKey;

function webSocket(url: unknown, more: object = {}): object {
  return { transport: { type: "websocket", url, ...more } };
}

describe("the options of the transports", () => {
  it.each([
    "ws://127.0.0.1:4500",
    "ws://127.9.9.9/",
    "ws://127.1:80",
    "WS://LOCALHOST:4500/path?x=1",
    "ws://[::1]:4500",
    "wss://example.com",
  ])("takes %s", (url) => {
    expect(refusalOf(webSocket(url))).toBeUndefined();
    expect(refusalOf(webSocket(new URL(url), { token: "t" }))).toBeUndefined();
  });

  it.each([
    "ws://example.com",
    "ws://10.0.0.1",
    "ws://128.0.0.1",
    "ws://127.0.0.1.example.com",
    "ws://localhost.example.com",
    "ws://0.0.0.0",
    "ws://[::]",
    "ws://[::ffff:10.0.0.1]",
    "ws://1270.example",
  ])("refuses %s, which is not encrypted and not this machine, unless allowed by name", (url) => {
    expect(refusalOf(webSocket(url))).toMatchObject({
      code: "INVALID_OPTION",
      option: "transport.url",
      message: expect.stringMatching(/is not encrypted.*allowInsecureRemote: true/),
    });
    expect(refusalOf(webSocket(url, { allowInsecureRemote: true }))).toBeUndefined();
    expect(refusalOf(webSocket(url, { allowInsecureRemote: 1 }))).toBeDefined();
  });

  it("takes every address of 127.0.0.0/8 and no other for the loopback", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const isAllowed = refusalOf(webSocket(`ws://${address}:1`)) === undefined;

        expect(isAllowed).toBe(address.startsWith("127."));
      }),
    );
  });

  it.each([
    ["no URL", "not a url", "the value is not a URL"],
    ["no text", 42, "the value is not a URL"],
    ["nothing", undefined, "the value is not a URL"],
    ["a half URL with a password", `ws://me:${SECRET}@`, "the value is not a URL"],
    ["HTTP", "http://127.0.0.1", "not http://"],
    ["a file", "file:///tmp/socket", "not file://"],
    ["a user", `ws://${SECRET}@127.0.0.1`, "user name or password"],
    ["a password", `wss://:${SECRET}@example.com`, "user name or password"],
    ["a fragment", "ws://127.0.0.1/#x", "fragment"],
  ])("refuses %s as the address", (_what, url, message) => {
    expect(refusalOf(webSocket(url))).toMatchObject({
      code: "INVALID_OPTION",
      option: "transport.url",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ["empty", ""],
    ["a line break", `${SECRET}\n`],
    ["a space", `${SECRET} x`],
    ["no text", 1],
  ])("refuses a token that is or holds %s, and does not show it", (_what, token) => {
    expect(refusalOf(webSocket("ws://127.0.0.1", { token }))).toMatchObject({
      code: "INVALID_OPTION",
      option: "transport.token",
    });
  });

  it.each([
    ["an unknown member", { caa: "x" }, "caa"],
    ["a key that is a number", { key: 5 }, "transport.tls.key"],
    ["an empty list", { ca: [] }, "transport.tls.ca"],
    ["a list with a hole", { cert: ["x", null] }, "transport.tls.cert"],
    ["a passphrase in bytes", { passphrase: Buffer.from(SECRET) }, "transport.tls.passphrase"],
    ["text", SECRET, "transport.tls"],
    ["an authority that is not a certificate", { ca: SECRET }, "transport.tls.ca"],
    ["an authority that is a key", { ca: [KEY] }, "transport.tls.ca"],
    ["a certificate that is not one", { cert: SECRET, key: KEY }, "transport.tls.cert"],
    ["a certificate without its key", { cert: SECRET }, "transport.tls.cert"],
    ["a key that is not one", { key: SECRET }, "transport.tls.key"],
    ["another passphrase", { key: KEY, passphrase: SECRET }, "transport.tls.key"],
  ])("refuses tls with %s, and does not show the values", (_what, tls, option) => {
    expect(refusalOf(webSocket("wss://example.com", { tls }))).toMatchObject({
      code: "INVALID_OPTION",
      option,
    });
  });

  it("takes certificates as text, bytes and lists, for wss:// only", () => {
    const tls = { key: [Buffer.from(KEY)], passphrase: "of-the-key" };
    expect(refusalOf(webSocket("wss://example.com", { tls }))).toBeUndefined();
    expect(refusalOf(webSocket("ws://localhost", { tls }))).toMatchObject({
      option: "transport.tls",
      message: expect.stringContaining("use a wss:// address"),
    });
  });

  it.each([0, -1, Number.NaN, Infinity, 2 ** 31, "1000"])(
    "refuses %s as livenessMs of each transport that has it",
    (livenessMs) => {
      const problem = { code: "INVALID_OPTION", option: "transport.livenessMs" };
      expect(refusalOf(webSocket("ws://localhost", { livenessMs }))).toMatchObject(problem);
      expect(refusalOf({ transport: { type: "unix", path: "/a", livenessMs } })).toMatchObject(
        problem,
      );
    },
  );

  it.each<[string, unknown, string]>([
    ["true", true, "transport.reconnect"],
    ["an unknown member", { retries: 3 }, "retries"],
    ["attempts", { attempts: 0 }, "transport.reconnect.attempts"],
    ["attempts without end", { attempts: Infinity }, "transport.reconnect.attempts"],
    ["delayMs", { delayMs: -1 }, "transport.reconnect.delayMs"],
    ["maxDelayMs", { maxDelayMs: "10" }, "transport.reconnect.maxDelayMs"],
    ["jitter", { jitter: 2 }, "transport.reconnect.jitter"],
    ["signal", { signal: new AbortController() }, "transport.reconnect.signal"],
  ])("refuses a bad reconnect of each transport that has it: %s", (_what, reconnect, option) => {
    const problem = { code: "INVALID_OPTION", option };
    expect(refusalOf(webSocket("ws://localhost", { reconnect }))).toMatchObject(problem);
    expect(refusalOf({ transport: { type: "unix", path: "/a", reconnect } })).toMatchObject(
      problem,
    );
    expect(refusalOf({ transport: { type: "stdio", reconnect } })).toMatchObject({
      option: "reconnect",
    });
  });

  it.each([
    ["empty", ""],
    ["missing", undefined],
    ["with a NUL character", "a\0b"],
  ])("refuses the path of a Unix socket that is %s", (_what, path) => {
    expect(refusalOf({ transport: { type: "unix", path } })).toMatchObject({
      code: "INVALID_OPTION",
      option: "transport.path",
    });
  });

  it.each<[string, object]>([
    ["codexPath", { codexPath: "/bin/codex" }],
    ["launchArgs", { launchArgs: ["codex"] }],
    ["config", { config: {} }],
    ["cwd", { cwd: "." }],
    ["env", { env: {} }],
  ])("refuses %s, which a running runtime would not see", (option, options) => {
    expect(refusalOf({ ...webSocket("ws://127.0.0.1"), ...options })).toMatchObject({
      code: "INVALID_OPTION",
      option,
      message: expect.stringContaining("no effect"),
    });
    expect(refusalOf({ transport: { type: "unix", path: "/a" }, ...options })).toMatchObject({
      option,
    });
    expect(refusalOf({ transport: { type: "stdio" }, ...options })).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ["an unknown type", { type: "pigeon" }, "transport.type"],
    ["no type", {}, "transport.type"],
    ["a type that JSON cannot express", { type: 1n }, "transport.type"],
    ["a text", "ws://127.0.0.1", "transport"],
    ["null", null, "transport"],
    ["an unknown option", { type: "websocket", url: "ws://127.0.0.1", headers: {} }, "headers"],
    ["an option of another transport", { type: "stdio", url: "ws://127.0.0.1" }, "url"],
    ["a token for a socket", { type: "unix", path: "/a", token: "t" }, "token"],
  ])("refuses %s", (_what, transport, option) => {
    expect(refusalOf({ transport })).toMatchObject({ code: "INVALID_OPTION", option });
  });

  it("makes a copy of the address, which the caller cannot change any more", () => {
    const url = new URL("ws://127.0.0.1:1/a");
    const endpoint = toWebSocketEndpoint({ type: "websocket", url, token: "t" });
    url.hostname = "example.com";

    expect(endpoint).toMatchObject({ url: new URL("ws://127.0.0.1:1/a"), token: "t" });
  });
});
