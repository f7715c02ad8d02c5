import { describe, expect, it } from "vitest";

import { BrowserLoginLock } from "../support/mockBrowserLoginLock.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { approveInBrowser, denyInBrowser, MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { signInOptions } from "../support/signInOptions.js";
import { startHarness } from "../support/testingKit.js";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

function succeeded(loginId: string): object {
  return { loginId, success: true, error: null, onboardingEntrypoint: null };
}

function ended(loginId: string, error: string): object {
  return { loginId, success: false, error, onboardingEntrypoint: null };
}

describe("login in the browser", () => {
  it("shows which page to open, and completes when the person agrees there", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.reply("Hello, Ada.");

    const login = await codex.loginChatgpt();
    expect(login).toEqual({
      loginId: expect.stringMatching(UUID),
      authUrl: expect.stringContaining(`${issuer.url}/oauth/authorize?response_type=code&`),
      wait: expect.any(Function),
      cancel: expect.any(Function),
    });
    const waiting = login.wait();
    expect(await approveInBrowser(login.authUrl)).toBe(200);

    expect(await waiting).toMatchObject(succeeded(login.loginId));
    expect(await login.wait()).toMatchObject(succeeded(login.loginId));
    expect(await codex.account()).toMatchObject({
      account: { type: "chatgpt", email: "ada@example.test", planType: "pro" },
    });
    await (await codex.startThread()).run("Who am I?");
    expect(model.requests[0]?.header("authorization")).toMatch(/^Bearer eyJ/u);
    expect(backend.refusedConnects).toEqual([]);
  });

  it("is a value with success: false when the person refuses", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgpt();

    await denyInBrowser(login.authUrl);

    expect(await login.wait()).toMatchObject(
      ended(login.loginId, "Login server error: Sign-in failed: The user refused."),
    );
    expect(await harness.codex.account()).toMatchObject({ account: null });
  });

  it("ends for all waiters when it is cancelled, which can be done once", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgpt();
    const error = "Login server error: Login was not completed";

    expect(await login.cancel()).toMatchObject({ status: "canceled" });

    expect(await login.wait()).toMatchObject(ended(login.loginId, error));
    expect(await login.wait()).toMatchObject(ended(login.loginId, error));
    expect(await login.cancel()).toMatchObject({ status: "notFound" });
  });

  it("ends when another attempt replaces it, and each handle receives only its own completion", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex } = harness;
    const first = await codex.loginChatgpt();
    const waitingForFirst = first.wait();

    const second = await codex.loginChatgpt();
    const waitingForSecond = second.wait();

    const replaced = ended(first.loginId, "Login server error: Login cancelled");
    expect(await waitingForFirst).toMatchObject(replaced);
    await approveInBrowser(second.authUrl);
    expect(await waitingForSecond).toEqual(succeeded(second.loginId));
    expect(await first.wait()).toMatchObject(replaced);
    expect(second.loginId).not.toBe(first.loginId);
  });

  it("ends when a login with a device code replaces it", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const browser = await harness.codex.loginChatgpt();

    const device = await harness.codex.loginChatgptDeviceCode();
    issuer.approveDevice();

    expect(await device.wait()).toMatchObject(succeeded(device.loginId));
    expect(await browser.wait()).toMatchObject(
      ended(browser.loginId, "Login server error: Login was not completed"),
    );
  });

  it("rejects all waiters when the client is closed, and frees the callback's port", async () => {
    await using _lock = await BrowserLoginLock.acquire();
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgpt();
    const waiting = login.wait().catch((error: unknown) => error);

    await harness.codex.close();

    expect(await waiting).toMatchObject({ name: "CodexClosedError", code: "CLOSED" });
    await expect(approveInBrowser(login.authUrl)).rejects.toThrow("fetch failed");
  });
});
