import { createDeferred, type Deferred } from "../../src/internal/deferred.js";
import { type MockAccount, mockAccount, tokensFor } from "./mockAccount.js";
import { type MockAnswer, MockHttpServer, type MockRequest } from "./mockHttpServer.js";

type Decision = "approved" | "denied";

/**
 * Plays the OAuth issuer of the runtime's two ChatGPT logins, for one user. Give `env` to the runtime.
 * In the device-code login the runtime's poll stays open until `approveDevice()` or `denyDevice()`, so
 * that nothing is timed. In the browser login the test plays the browser with `approveInBrowser(authUrl)`.
 *
 * The browser login's callback listens on the fixed port 1455, and a runtime that starts one cancels
 * that of every other runtime on the machine: hold a `BrowserLoginLock` from before the login starts.
 */
export class MockLoginIssuer implements AsyncDisposable {
  readonly #server: MockHttpServer;
  readonly #decision: Deferred<Decision>;
  /** Resolves when the runtime has asked whether the device is approved. */
  readonly devicePolled: Promise<void>;

  private constructor(
    server: MockHttpServer,
    decision: Deferred<Decision>,
    devicePolled: Promise<void>,
  ) {
    this.#server = server;
    this.#decision = decision;
    this.devicePolled = devicePolled;
  }

  static async start(account: MockAccount = mockAccount): Promise<MockLoginIssuer> {
    const decision = createDeferred<Decision>();
    const polled = createDeferred<void>();
    const server = await MockHttpServer.start(async (request) => {
      if (request.pathname !== "/api/accounts/deviceauth/token") return answer(request, account);
      polled.resolve();
      return devicePollAnswer(await decision.promise);
    });
    return new MockLoginIssuer(server, decision, polled.promise);
  }

  get url(): string {
    return this.#server.origin;
  }

  get requests(): readonly MockRequest[] {
    return this.#server.requests;
  }

  /** For the runtime. Without the two overrides a refresh or a logout would go to the real issuer. */
  get env(): Record<string, string> {
    return {
      CODEX_APP_SERVER_LOGIN_ISSUER: this.url,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${this.url}/oauth/token`,
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${this.url}/oauth/revoke`,
    };
  }

  /** The user enters the code and agrees: the device-code login completes. */
  approveDevice(): void {
    this.#decision.resolve("approved");
  }

  /** The user refuses: the device-code login fails. */
  denyDevice(): void {
    this.#decision.resolve("denied");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

/**
 * Plays the browser of a user who agrees: calls the runtime back and follows it to its success page,
 * which is what completes the login. Returns the status of the last page.
 */
export async function approveInBrowser(authUrl: string): Promise<number> {
  const callback = callbackUrl(authUrl);
  callback.searchParams.set("code", "mock-browser-code");
  return (await fetch(callback)).status;
}

/** Plays the browser of a user who refuses. Returns the status of the page that the runtime shows. */
export async function denyInBrowser(authUrl: string): Promise<number> {
  const callback = callbackUrl(authUrl);
  callback.searchParams.set("error", "access_denied");
  callback.searchParams.set("error_description", "The user refused.");
  return (await fetch(callback)).status;
}

// Read from the URL, not built: the runtime falls back to port 1457 where 1455 is not given up.
function callbackUrl(authUrl: string): URL {
  const { searchParams } = new URL(authUrl);
  const callback = new URL(searchParams.get("redirect_uri") ?? "");
  callback.searchParams.set("state", searchParams.get("state") ?? "");
  return callback;
}

function answer(request: MockRequest, account: MockAccount): MockAnswer | undefined {
  switch (request.pathname) {
    case "/api/accounts/deviceauth/usercode":
      // `interval` is the pause between two polls, in seconds, as a string.
      return { json: { device_auth_id: "mock-device", user_code: "ABCD-1234", interval: "1" } };
    case "/oauth/token": {
      const grant = new URLSearchParams(request.body).get("grant_type");
      // The browser login then trades its token for an API key; it does not mind a refusal.
      if (grant?.endsWith("token-exchange") === true) return { status: 403, json: {} };
      return { json: tokensFor(account) };
    }
    case "/oauth/revoke":
      return { json: {} };
    default:
      return undefined;
  }
}

function devicePollAnswer(decision: Decision): MockAnswer {
  // 403 and 404 mean "not yet" to the runtime, which then polls again.
  if (decision === "denied") return { status: 400, json: { error: "access_denied" } };
  return {
    json: {
      authorization_code: "mock-device-code",
      code_challenge: "mock-challenge",
      code_verifier: "mock-verifier",
    },
  };
}
