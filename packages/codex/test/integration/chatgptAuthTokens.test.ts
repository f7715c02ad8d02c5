import { describe, expect, it } from "vitest";

import type { CodexDiagnostic } from "../../src/client/diagnostics.js";
import { type Codex, TurnFailedError } from "../../src/index.js";
import { mockAccount, tokensFor } from "../support/mockAccount.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { signInOptions } from "../support/signInOptions.js";
import { type Harness, httpStatus, startHarness } from "../support/testingKit.js";

const OLD_TOKEN = tokensFor(mockAccount).access_token;
const FRESH_TOKEN = tokensFor({ ...mockAccount, email: "ada@fresh.test" }).access_token;

const { accountId: chatgptAccountId, planType: chatgptPlanType } = mockAccount;
const OLD_TOKENS = { accessToken: OLD_TOKEN, chatgptAccountId, chatgptPlanType };
const FRESH_TOKENS = { ...OLD_TOKENS, accessToken: FRESH_TOKEN };

function loginWithTokens(codex: Codex): Promise<void> {
  return codex.loginWithTokens({ tokens: OLD_TOKENS });
}

/** Owner of the token of each model request. */
function tokensOf({ model }: Harness): (string | undefined)[] {
  const names = new Map([
    [`Bearer ${OLD_TOKEN}`, "old"],
    [`Bearer ${FRESH_TOKEN}`, "fresh"],
  ]);
  return model.requests.map((request) => names.get(request.header("authorization") ?? ""));
}

const UNAUTHORIZED = httpStatus(401, { body: { error: { message: "The token has expired." } } });

describe("login with tokens of the application's own", () => {
  it("authorises the next model request", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.reply("Hello, Ada.");

    await loginWithTokens(codex);

    await (await codex.startThread()).run("Who am I?");
    expect(tokensOf(harness)).toEqual(["old"]);
    expect(await codex.account()).toMatchObject({
      account: { type: "chatgpt", email: mockAccount.email, planType: mockAccount.planType },
    });
  });

  it("continues with the token that the handler of the runtime's request returns", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED).reply("Welcome back.").reply("Still here.");
    const asked: unknown[] = [];
    codex.client.onServerRequest("account/chatgptAuthTokens/refresh", (params) => {
      asked.push(params);
      const { accountId, planType } = mockAccount;
      return { accessToken: FRESH_TOKEN, chatgptAccountId: accountId, chatgptPlanType: planType };
    });
    await loginWithTokens(codex);
    const thread = await codex.startThread();

    const result = await thread.run("Am I still signed in?");
    await thread.run("And now?");

    expect(result.finalResponse).toBe("Welcome back.");
    expect(asked).toEqual([{ reason: "unauthorized", previousAccountId: mockAccount.accountId }]);
    expect(tokensOf(harness)).toEqual(["old", "fresh", "fresh"]);
  });

  it("fails the turn at once when no handler is there to ask", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED);
    await loginWithTokens(codex);
    const thread = await codex.startThread();

    const error: unknown = await thread.run("Am I still signed in?").catch((caught) => caught);

    expect(error).toBeInstanceOf(TurnFailedError);
    // The runtime repeats the code of the JSON-RPC error that it was answered.
    expect(error).toMatchObject({ message: "auth refresh request failed: code=-32601" });
    expect(tokensOf(harness)).toEqual(["old"]);
  });

  it("fails the turn at once when the handler throws, and reports what it threw", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    const options = signInOptions(issuer, backend);
    const diagnostics: CodexDiagnostic[] = [];
    await using harness = await startHarness({
      ...options,
      codex: { ...options.codex, onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    });
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED);
    const refusal = new Error("The vault is closed.");
    codex.client.onServerRequest("account/chatgptAuthTokens/refresh", () => {
      throw refusal;
    });
    await loginWithTokens(codex);
    const thread = await codex.startThread();

    await expect(thread.run("Am I still signed in?")).rejects.toMatchObject({
      code: "TURN_FAILED",
      message: "auth refresh request failed: code=-32603",
    });
    expect(diagnostics.filter(({ kind }) => kind === "handlerError")).toEqual([
      { kind: "handlerError", method: "account/chatgptAuthTokens/refresh", error: refusal },
    ]);
  });

  it("asks onServerRequest of the client when the method has no handler of its own", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    const options = signInOptions(issuer, backend);
    await using harness = await startHarness({
      ...options,
      codex: {
        ...options.codex,
        onServerRequest: ({ method }) =>
          method === "account/chatgptAuthTokens/refresh"
            ? { accessToken: FRESH_TOKEN, chatgptAccountId: mockAccount.accountId }
            : undefined,
      },
    });
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED).reply("Welcome back.");
    await loginWithTokens(codex);

    const result = await (await codex.startThread()).run("Am I still signed in?");

    expect(result.finalResponse).toBe("Welcome back.");
    expect(tokensOf(harness)).toEqual(["old", "fresh"]);
  });

  it("continues with the tokens of onRefresh, of the latest login only", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED).reply("Welcome back.");
    const asked: unknown[] = [];
    await codex.loginWithTokens({
      tokens: OLD_TOKENS,
      onRefresh: () => {
        throw new Error("an earlier login is not asked");
      },
    });
    await codex.loginWithTokens({
      tokens: OLD_TOKENS,
      onRefresh: (request) => {
        asked.push(request);
        return FRESH_TOKENS;
      },
    });

    const result = await (await codex.startThread()).run("Am I still signed in?");

    expect(result.finalResponse).toBe("Welcome back.");
    expect(asked).toEqual([{ reason: "unauthorized", previousAccountId: mockAccount.accountId }]);
    expect(tokensOf(harness)).toEqual(["old", "fresh"]);
  });

  it("fails the turn when onRefresh returns what is not tokens, and shows none of it", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    const options = signInOptions(issuer, backend);
    const diagnostics: CodexDiagnostic[] = [];
    await using harness = await startHarness({
      ...options,
      codex: { ...options.codex, onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    });
    const { codex, model } = harness;
    model.enqueue(UNAUTHORIZED);
    await codex.loginWithTokens({
      tokens: OLD_TOKENS,
      onRefresh: () => ({ ...FRESH_TOKENS, accessToken: "a secret" }),
    });

    const thread = await codex.startThread();
    await expect(thread.run("Am I still signed in?")).rejects.toBeInstanceOf(TurnFailedError);

    const [failed] = diagnostics.filter(({ kind }) => kind === "handlerError");
    expect(failed).toMatchObject({
      error: { code: "INVALID_OPTION", option: "tokens.accessToken" },
    });
    expect(String(Reflect.get(Object(failed), "error"))).not.toContain("a secret");
  });

  it("is refused for tokens that an HTTP header cannot hold, and shows none of them", async () => {
    await using harness = await startHarness();
    const calls: readonly object[] = [
      { ...OLD_TOKENS, accessToken: "a secret" },
      { ...OLD_TOKENS, accessToken: 5 },
      { ...OLD_TOKENS, chatgptAccountId: "" },
      { ...OLD_TOKENS, extra: "x" },
    ];

    const refusals = await Promise.all(
      calls.map((tokens) =>
        harness.codex.loginWithTokens({ tokens: tokens as never }).catch(String),
      ),
    );

    expect(refusals.map((text) => String(text).startsWith("InvalidOptionError: "))).toEqual(
      calls.map(() => true),
    );
    expect(refusals.join()).not.toContain("a secret");
  });

  it("lets rateLimits() and usage() return what the ChatGPT back end reports", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    await loginWithTokens(harness.codex);

    const { rateLimits, rateLimitsByLimitId } = await harness.codex.rateLimits();
    const usage = await harness.codex.usage();

    expect(rateLimits).toMatchObject({
      planType: "pro",
      primary: { usedPercent: 42, windowDurationMins: 300, resetsAt: 1_800_000_000 },
      secondary: null,
      credits: { hasCredits: true, unlimited: false, balance: "7.50" },
    });
    expect(rateLimitsByLimitId).toEqual({ codex: rateLimits });
    expect(usage).toMatchObject({
      summary: {
        lifetimeTokens: 12_345,
        peakDailyTokens: 2_000,
        longestRunningTurnSec: 90,
        currentStreakDays: 3,
        longestStreakDays: 5,
      },
      dailyUsageBuckets: [{ startDate: "2026-11-27", tokens: 1_500 }],
    });
  });
});
