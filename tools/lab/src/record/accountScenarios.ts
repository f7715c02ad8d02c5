import type { Scenario } from "./scenario.js";

/** Scenarios of the handshake and of logins. None of them uses the network. */
export const ACCOUNT_SCENARIOS: readonly Scenario[] = [
  {
    name: "handshake",
    async run({ codex }) {
      await codex.start();
    },
  },
  {
    name: "loginApiKey",
    options: { requiresOpenaiAuth: true },
    async run({ codex }) {
      await codex.loginApiKey("sk-of-no-use");
      await codex.account();
    },
  },
  {
    name: "loginBrowserCancelled",
    options: {
      requiresOpenaiAuth: true,
      // The page is never opened, and the real issuer must not receive a request.
      codex: { env: { CODEX_APP_SERVER_LOGIN_ISSUER: "http://127.0.0.1:1" } },
    },
    async run({ codex }) {
      const login = await codex.loginChatgpt();
      await login.cancel();
      await login.wait();
    },
  },
];
