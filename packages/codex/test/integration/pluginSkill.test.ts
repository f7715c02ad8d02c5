import { describe, expect, it } from "vitest";

import type { Codex } from "../../src/index.js";
import { CURATED_MARKETPLACE, MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { signInOptions } from "../support/signInOptions.js";
import { type HarnessOptions, startHarness } from "../support/testingKit.js";

const SKILLS = [
  { pluginId: "plugin-1", skillName: "haiku", contents: "# Haiku\n\nFive, seven, five." },
  { pluginId: "plugin-1", skillName: "empty", contents: null },
];

function pluginOptions(issuer: MockLoginIssuer, backend: MockChatgptBackend): HarnessOptions {
  return { ...signInOptions(issuer, backend), config: { features: { plugins: true } } };
}

async function signIn(codex: Codex, issuer: MockLoginIssuer): Promise<void> {
  const login = await codex.loginChatgptDeviceCode();
  issuer.approveDevice();
  expect(await login.wait()).toMatchObject({ success: true });
}

function skill(skillName: string): {
  readonly remoteMarketplaceName: string;
  readonly remotePluginId: string;
  readonly skillName: string;
} {
  return { remoteMarketplaceName: CURATED_MARKETPLACE, remotePluginId: "plugin-1", skillName };
}

describe("readPluginSkill", () => {
  it("reads a skill's markdown, or null for a skill without any", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start({ skills: SKILLS });
    await using harness = await startHarness(pluginOptions(issuer, backend));
    const { codex } = harness;
    await signIn(codex, issuer);

    expect([
      await codex.readPluginSkill(skill("haiku")),
      await codex.readPluginSkill(skill("empty")),
    ]).toEqual([{ contents: "# Haiku\n\nFive, seven, five." }, { contents: null }]);
  });

  it("rejects with the runtime's error for a skill that there is not", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start({ skills: SKILLS });
    await using harness = await startHarness(pluginOptions(issuer, backend));
    await signIn(harness.codex, issuer);

    await expect(harness.codex.readPluginSkill(skill("missing"))).rejects.toMatchObject({
      name: "InvalidRequestError",
      code: "INVALID_REQUEST",
      method: "plugin/skill/read",
      message: expect.stringContaining("failed with status 404 Not Found"),
    });
  });

  it("rejects with the runtime's error when nobody is signed in, and after a logout", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start({ skills: SKILLS });
    await using harness = await startHarness(pluginOptions(issuer, backend));
    const { codex } = harness;
    const refusal = {
      name: "InvalidRequestError",
      code: "INVALID_REQUEST",
      method: "plugin/skill/read",
      message:
        "plugin/skill/read: read remote plugin skill details: chatgpt authentication required for remote plugin catalog (JSON-RPC error -32600)",
    };

    await expect(codex.readPluginSkill(skill("haiku"))).rejects.toMatchObject(refusal);
    await signIn(codex, issuer);
    await codex.logout();
    await expect(codex.readPluginSkill(skill("haiku"))).rejects.toMatchObject(refusal);

    expect(backend.requests.filter(({ pathname }) => pathname.includes("/skills/"))).toEqual([]);
  });
});
