import { getEventListeners } from "node:events";

import { describe, expect, it } from "vitest";

import type { Codex } from "../../src/index.js";
import { MockChatgptBackend } from "../support/mockChatgptBackend.js";
import { MockLoginIssuer } from "../support/mockLoginIssuer.js";
import { NotificationLog } from "../support/notificationLog.js";
import { signInOptions } from "../support/signInOptions.js";
import { startHarness } from "../support/testingKit.js";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

function succeeded(loginId: string): object {
  return { loginId, success: true, error: null, onboardingEntrypoint: null };
}

function ended(loginId: string, error = "Login was not completed"): object {
  return { loginId, success: false, error, onboardingEntrypoint: null };
}

describe("login with a device code", () => {
  it("shows where to type which code, and completes when the person agrees", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex, model } = harness;
    model.reply("Hello, Ada.");

    const login = await codex.loginChatgptDeviceCode();
    expect(login).toEqual({
      loginId: expect.stringMatching(UUID),
      verificationUrl: `${issuer.url}/codex/device`,
      userCode: "ABCD-1234",
      wait: expect.any(Function),
      cancel: expect.any(Function),
    });
    issuer.approveDevice();

    expect(await login.wait()).toMatchObject(succeeded(login.loginId));
    expect(await codex.account()).toMatchObject({
      account: { type: "chatgpt", email: "ada@example.test", planType: "pro" },
    });
    await (await codex.startThread()).run("Who am I?");
    expect(model.requests[0]?.header("authorization")).toMatch(/^Bearer eyJ/u);
    expect(model.requests[0]?.header("chatgpt-account-id")).toBe("account-ada");
    expect(backend.refusedConnects).toEqual([]);
  });

  it("gives the same completion to each wait(), before it has come and after", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();
    const waits = [login.wait(), login.wait()];

    issuer.approveDevice();
    const completions = [...(await Promise.all(waits)), await login.wait(), await login.wait()];

    expect(completions).toMatchObject(Array.from({ length: 4 }, () => succeeded(login.loginId)));
  });

  it("is a value with success: false when the person refuses", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();

    issuer.denyDevice();

    expect(await login.wait()).toMatchObject(
      ended(login.loginId, "device auth failed with status 400 Bad Request"),
    );
  });

  it("ends for all waiters when it is cancelled, which can be done once", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();
    const waiting = login.wait();

    expect(await login.cancel()).toMatchObject({ status: "canceled" });

    expect(await waiting).toMatchObject(ended(login.loginId));
    expect(await login.wait()).toMatchObject(ended(login.loginId));
    expect(await login.cancel()).toMatchObject({ status: "notFound" });
  });

  it("ends when another attempt replaces it, and each handle receives only its own completion", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex } = harness;
    const first = await codex.loginChatgptDeviceCode();
    const waitingForFirst = first.wait();

    const second = await codex.loginChatgptDeviceCode();
    const waitingForSecond = second.wait();

    expect(await waitingForFirst).toMatchObject(ended(first.loginId));
    expect(await first.cancel()).toMatchObject({ status: "notFound" });
    issuer.approveDevice();
    expect(await waitingForSecond).toEqual(succeeded(second.loginId));
    expect(await first.wait()).toMatchObject(ended(first.loginId));
  });

  it.each([
    ["a logout", (codex: Codex) => codex.logout()],
    ["a login with an API key", (codex: Codex) => codex.loginApiKey("sk-marker-0123456789")],
  ])("ends with %s", async (_what, act) => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();

    await act(harness.codex);

    expect(await login.wait()).toMatchObject(ended(login.loginId));
  });

  it("consumes its own completion, and leaves the rest to the notifications", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const { codex } = harness;
    const log = NotificationLog.follow(codex);
    const login = await codex.loginChatgptDeviceCode();

    issuer.approveDevice();
    await login.wait();
    await log.first("account/updated");

    expect({
      completed: log.paramsOf("account/login/completed"),
      updated: log.paramsOf("account/updated"),
    }).toMatchObject({ completed: [], updated: [{ authMode: "chatgpt", planType: "pro" }] });
  });

  it("rejects when the issuer cannot be reached", async () => {
    const issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    await issuer[Symbol.asyncDispose]();

    await expect(harness.codex.loginChatgptDeviceCode()).rejects.toMatchObject({
      name: "InternalRpcError",
      code: "INTERNAL_ERROR",
      method: "account/login/start",
      message: expect.stringContaining("failed to request device code"),
    });
  });
});

describe("wait({ signal })", () => {
  it("leaves when the signal aborts, without a listener and without ending the attempt", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();
    const controller = new AbortController();
    const reason = new Error("The person has closed the dialog.");

    const waiting = login.wait({ signal: controller.signal });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await expect(login.wait({ signal: controller.signal })).rejects.toBe(reason);
    issuer.approveDevice();
    expect(await login.wait()).toMatchObject(succeeded(login.loginId));
  });

  it("leaves no listener on a signal that never aborts", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();
    const { signal } = new AbortController();
    const waiting = login.wait({ signal });

    issuer.approveDevice();

    expect(await waiting).toMatchObject(succeeded(login.loginId));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("leaves no listener when the client is closed first", async () => {
    await using issuer = await MockLoginIssuer.start();
    await using backend = await MockChatgptBackend.start();
    await using harness = await startHarness(signInOptions(issuer, backend));
    const login = await harness.codex.loginChatgptDeviceCode();
    const { signal } = new AbortController();
    const waiting = login.wait({ signal }).catch((error: unknown) => error);

    await harness.codex.close();

    expect(await waiting).toMatchObject({ code: "CLOSED" });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
