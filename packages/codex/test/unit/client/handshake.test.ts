import { describe, expect, it } from "vitest";

import { toInitializeMetadata, toInitializeParams } from "../../../src/client/handshake.js";
import { CODEX_VERSION } from "../../../src/client/version.js";
import { CodexProtocolError } from "../../../src/errors.js";
import { SecretMasker } from "../../../src/internal/secrets.js";

const metadataOf = (response: unknown) => toInitializeMetadata(response, new SecretMasker());

describe("the params of initialize", () => {
  it("name the SDK and its version by default", () => {
    expect(toInitializeParams({})).toEqual({
      clientInfo: {
        name: "codex_typescript_sdk",
        title: "Codex TypeScript SDK",
        version: CODEX_VERSION,
      },
      capabilities: { experimentalApi: true, requestAttestation: false },
    });
  });

  it("take each member from the options", () => {
    const options = { clientInfo: { name: "app", version: "2" }, experimentalApi: false };
    expect(toInitializeParams(options)).toEqual({
      clientInfo: { name: "app", title: "Codex TypeScript SDK", version: "2" },
      capabilities: { experimentalApi: false, requestAttestation: false },
    });
  });
});

describe("the metadata of initialize", () => {
  it("are read off a real runtime's answer", () => {
    expect(
      metadataOf({
        userAgent: "x_sdk/0.100.1 (Debian 12.0.0; x86_64) xterm (x_sdk; 1.2.3)",
        codexHome: "/home/a/.codex",
        platformFamily: "unix",
        platformOs: "linux",
      }),
    ).toEqual({
      userAgent: "x_sdk/0.100.1 (Debian 12.0.0; x86_64) xterm (x_sdk; 1.2.3)",
      serverInfo: { name: "x_sdk", version: "0.100.1" },
      pinnedVersion: CODEX_VERSION,
      codexHome: "/home/a/.codex",
      platformFamily: "unix",
      platformOs: "linux",
    });
  });

  const SENT = { name: "sent", version: "9.9" };

  it.each([
    ["serverInfo", " agent/1 ", { name: " sent ", version: " 9.9 " }, SENT],
    [
      "the agent for a missing name",
      "agent/1.0 (x)",
      { version: "9.9" },
      { name: "agent", version: "9.9" },
    ],
    [
      "the agent for an empty version",
      "agent/1.0 (x)",
      { name: "sent", version: " " },
      { name: "sent", version: "1.0" },
    ],
    [
      "the agent for both",
      "agent/1.0-beta.2+b (x)",
      undefined,
      { name: "agent", version: "1.0-beta.2+b" },
    ],
    [
      "an agent whose name has spaces",
      "Acme Agent App/1.0 (x)",
      null,
      { name: "Acme Agent App", version: "1.0" },
    ],
    [
      "an agent whose name has slashes",
      "acme/sdk/1.0 (x)",
      "no object",
      { name: "acme/sdk", version: "1.0" },
    ],
    ["a version that begins with no digit", "agent/v1 (x)", {}, { name: "agent", version: "v1" }],
    ["white space instead of the slash", "agent   1.0 more", {}, { name: "agent", version: "1.0" }],
    [
      "only a name, with the version in serverInfo",
      "agent",
      { version: "9.9" },
      { name: "agent", version: "9.9" },
    ],
  ])("take %s", (_what, userAgent, serverInfo, expected) => {
    expect(metadataOf({ userAgent, serverInfo })).toMatchObject({
      userAgent: userAgent.trim(),
      serverInfo: expected,
    });
  });

  it.each([
    [undefined, /userAgent=missing, serverInfo.name=missing, serverInfo.version=missing/],
    [{}, /userAgent=missing/],
    [{ userAgent: "  ", serverInfo: SENT }, /userAgent=missing, serverInfo.name="sent"/],
    [{ userAgent: "agent" }, /serverInfo.name="agent", serverInfo.version=missing/],
    [{ userAgent: "/1.0" }, /serverInfo.name=missing/],
    [{ userAgent: "agent/" }, /serverInfo.version=missing/],
    [{ userAgent: 5 }, /userAgent=missing/],
  ])("are refused where they are not enough: %j", (response, message) => {
    expect(() => metadataOf(response)).toThrow(CodexProtocolError);
    expect(() => metadataOf(response)).toThrow(message);
  });

  it("leave out members that an older runtime does not send", () => {
    expect(metadataOf({ userAgent: "a/1" })).toMatchObject({
      codexHome: undefined,
      platformFamily: undefined,
      platformOs: undefined,
    });
  });
});
