import { describe, expect, it } from "vitest";

import type { Codex } from "../../../src/index.js";
import { rejectionOf } from "../../support/rejection.js";
import { answer, scriptedClient, settle } from "../../support/scriptedClient.js";

const LOGGED_IN = { "account/login/start": [[answer({ type: "chatgptAuthTokens" })]] };
const refresh = {
  id: 9,
  method: "account/chatgptAuthTokens/refresh",
  params: { reason: "unauthorized" },
};

const tokens = (accessToken: string) => ({ accessToken, chatgptAccountId: "account" });
const logIn = (codex: Codex, name: string, timeoutMs?: number) =>
  codex.loginWithTokens({
    tokens: tokens(name),
    onRefresh: () => tokens(`${name}-new`),
    timeoutMs,
  });

/** Asks for new tokens; returns the client's response. */
async function responseToRefresh({ runtime }: Awaited<ReturnType<typeof scriptedClient>>) {
  runtime.send(refresh);
  await settle();
  return runtime.received.find(({ id, method }) => id === refresh.id && method === undefined);
}

describe("the onRefresh of a login with tokens", () => {
  it("is called also when the response came after its caller had left", async () => {
    await using client = await scriptedClient({ "account/login/start": [[]] });
    await rejectionOf(logIn(client.codex, "late", 20));
    client.answerLate("account/login/start", { type: "chatgptAuthTokens" });
    await settle();

    expect(await responseToRefresh(client)).toMatchObject({ result: { accessToken: "late-new" } });
  });

  it("is not called after a login that was refused", async () => {
    await using client = await scriptedClient({
      "account/login/start": [[{ id: "$id", error: { code: -32_600, message: "no" } }]],
    });
    await rejectionOf(logIn(client.codex, "refused"));

    expect(await responseToRefresh(client)).toMatchObject({ error: { code: -32_601 } });
  });

  it("is not called after a logout, also when two logins ran at the same time", async () => {
    await using client = await scriptedClient(LOGGED_IN);
    await Promise.all([logIn(client.codex, "one"), logIn(client.codex, "two")]);
    await client.codex.logout();

    expect(await responseToRefresh(client)).toMatchObject({ error: { code: -32_601 } });
  });

  it("is called after a logout that was refused", async () => {
    await using client = await scriptedClient({
      ...LOGGED_IN,
      "account/logout": [[{ id: "$id", error: { code: -32_600, message: "no" } }]],
    });
    await logIn(client.codex, "kept");
    await rejectionOf(client.codex.logout());

    expect(await responseToRefresh(client)).toMatchObject({ result: { accessToken: "kept-new" } });
  });
});
