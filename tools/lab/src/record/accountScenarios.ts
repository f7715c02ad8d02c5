import type { Scenario } from "./scenario.js";

/** The start of a client, and its logins. None of them asks anything of the network. */
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
      // Nobody goes to the page, and nothing must be asked of the real issuer.
      codex: { env: { CODEX_APP_SERVER_LOGIN_ISSUER: "http://127.0.0.1:1" } },
    },
    async run({ codex }) {
      const login = await codex.loginChatgpt();
      await login.cancel();
      await login.wait();
    },
  },
];
