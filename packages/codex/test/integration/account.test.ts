import { access } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Codex } from "../../src/index.js";
import { mockAccount } from "../support/mockAccount.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { NotificationLog } from "../support/notificationLog.js";
import { signInOptions } from "../support/signInOptions.js";
import { startHarness } from "../support/testingKit.js";

const NOBODY = {
  account: null,
  userId: null,
  requiresOpenaiAuth: true,
  workspaceRouting: null,
};

const ADA = {
  account: {
    type: "chatgpt",
    email: mockAccount.email,
    planType: mockAccount.planType,
    workspaceName: mockAccount.workspaceName,
  },
  userId: mockAccount.userId,
  requiresOpenaiAuth: true,
  workspaceRouting: {
    chatgptAccountId: mockAccount.accountId,
    backendOrigin: "https://backend.invalid",
    accountRoutingOverride: "NO_CONSTRAINT",
  },
};

async function signIn(codex: Codex, issuer: MockLoginIssuer): Promise<void> {
  const login = await codex.loginChatgptDeviceCode();
  issuer.approveDevice();
  expect(await login.wait()).toMatchObject({ success: true });
}

/** The refreshes that the issuer was asked for; those of a login have another grant. */
function refreshesOf(issuer: MockLoginIssuer): unknown[] {
  return issuer.requests
    .filter(({ body }) => body.includes('"grant_type":"refresh_token"'))
    .map(({ method, pathname }) => ({ method, pathname }));
}

describe("account", () => {
  it("reports that the provider needs no login, even when a key is stored", async () => {
    await using harness = await startHarness();
    const { codex } = harness;
    const anyone = { ...NOBODY, requiresOpenaiAuth: false };

    expect(await codex.account()).toMatchObject(anyone);
    await codex.loginApiKey("sk-marker-0123456789");
    expect(await codex.account()).toMatchObject(anyone);
  });

  it("reports who is signed in with ChatGPT, and leaves the token as it is", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    await signIn(harness.codex, issuer);

    expect(await harness.codex.account()).toMatchObject(ADA);
    expect(await harness.codex.account({ refreshToken: false })).toMatchObject(ADA);

    expect(refreshesOf(issuer)).toEqual([]);
  });

  it("has the token refreshed first with refreshToken: true", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    await signIn(harness.codex, issuer);

    expect(await harness.codex.account({ refreshToken: true })).toMatchObject(ADA);

    expect(refreshesOf(issuer)).toEqual([{ method: "POST", pathname: "/oauth/token" }]);
  });
});

describe("logout", () => {
  it("deletes the ChatGPT login, revokes its token and reports both", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model, codexHome } = harness;
    await signIn(codex, issuer);
    await access(join(codexHome, "auth.json"));
    const log = NotificationLog.follow(codex);

    expect(await codex.logout()).toBeUndefined();

    expect(await codex.account()).toMatchObject(NOBODY);
    await expect(access(join(codexHome, "auth.json"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(issuer.requests.filter(({ pathname }) => pathname === "/oauth/revoke")).toHaveLength(1);
    await log.first("account/updated");
    expect(log.paramsOf("account/updated").at(-1)).toMatchObject({
      authMode: null,
      planType: null,
    });
    model.reply("Who are you?");
    await (await codex.startThread()).run("Hello.");
    expect(model.requests[0]?.header("authorization")).toBeUndefined();
  });

  it("forgets the API key, on a thread that runs already too", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });
    const { codex, model } = harness;
    model.reply("one").reply("two");
    await codex.loginApiKey("sk-marker-0123456789");
    const thread = await codex.startThread();
    await thread.run("One.");

    await codex.logout();
    await thread.run("Two.");

    expect(await codex.account()).toMatchObject(NOBODY);
    expect(model.requests.map((request) => request.header("authorization"))).toEqual([
      "Bearer sk-marker-0123456789",
      undefined,
    ]);
  });

  it("is fine with nobody signed in", async () => {
    await using harness = await startHarness({ requiresOpenaiAuth: true });

    expect(await harness.codex.logout()).toBeUndefined();
    expect(await harness.codex.account()).toMatchObject(NOBODY);
  });

  it("lets somebody sign in again", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex } = harness;
    await codex.loginApiKey("sk-marker-0123456789");
    await codex.logout();

    await signIn(codex, issuer);

    expect(await codex.account()).toMatchObject(ADA);
  });
});
