import type {
  ChatgptAuthTokensRefreshParams,
  ChatgptAuthTokensRefreshResponse,
} from "@openai/codex-types";

import type { RuntimeClient } from "../client/runtimeClient.js";
import { InvalidOptionError } from "../errors.js";
import {
  checkFunction,
  checkNameLength,
  checkRequiredOptions,
  describeType,
  optionsOf,
} from "../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";

const REFRESH = "account/chatgptAuthTokens/refresh";

/** ChatGPT tokens that the application manages. */
export interface ChatgptTokens {
  /** Access token (a JWT). */
  readonly accessToken: string;
  /** Id of the account or workspace. */
  readonly chatgptAccountId: string;
  /** Plan of the account. Defaults to that of the token's claims. */
  readonly chatgptPlanType?: string | null | undefined;
}

/** Options of `Codex.loginWithTokens`. */
export interface LoginWithTokensOptions extends RequestOptions {
  /** The tokens to log in with. */
  readonly tokens: ChatgptTokens;
  /** Brings new tokens after the runtime's request was refused for the old ones. */
  readonly onRefresh?:
    | ((request: ChatgptAuthTokensRefreshParams) => ChatgptTokens | Promise<ChatgptTokens>)
    | undefined;
}

const TOKENS = optionsOf<ChatgptTokens>({
  accessToken: (name, value) => checkHeaderText(`tokens.${name}`, value),
  chatgptAccountId: (name, value) => checkHeaderText(`tokens.${name}`, value),
  chatgptPlanType: true,
});

const LOGIN_OPTIONS = optionsOf<LoginWithTokensOptions>({
  ...REQUEST_CHECKS,
  tokens: true,
  onRefresh: checkFunction,
});

/** The login of one client with tokens of the application, of which the latest counts. */
export class TokenLogin {
  readonly #runtime: RuntimeClient;
  #removeHandler = () => {};

  constructor(runtime: RuntimeClient) {
    this.#runtime = runtime;
  }

  /** Logs in (`account/login/start`), and answers the runtime's requests for new tokens from then on. */
  async start(options: LoginWithTokensOptions): Promise<void> {
    checkRequiredOptions("loginWithTokens", options, LOGIN_OPTIONS);
    const { tokens, onRefresh } = options;
    const wire = toWireTokens(tokens);
    const params = { type: "chatgptAuthTokens", ...wire } as const;
    // The runtime may ask as soon as it has the tokens, before it has responded.
    const remove =
      onRefresh === undefined
        ? () => {}
        : this.#runtime.serverRequests.add("method", REFRESH, async ({ params: request }) =>
            // SAFETY: the protocol ties the params of a request to its method.
            toWireTokens(await onRefresh(request as ChatgptAuthTokensRefreshParams)),
          );
    let isLoggedIn = false;
    await this.#runtime.dispatch("account/login/start", params, {
      ...toRequestOptions(options),
      // Also for a caller that has left: the runtime uses these tokens now.
      onResult: () => {
        isLoggedIn = true;
        this.#removeHandler();
        this.#removeHandler = remove;
      },
      onSettled: () => {
        if (!isLoggedIn) remove();
      },
    });
  }

  /** Stops answering requests for new tokens. */
  end(): void {
    this.#removeHandler();
    this.#removeHandler = () => {};
  }
}

function toWireTokens(tokens: ChatgptTokens): ChatgptAuthTokensRefreshResponse {
  checkRequiredOptions("tokens", tokens, TOKENS);
  const { accessToken, chatgptAccountId, chatgptPlanType = null } = tokens;
  checkHeaderText("tokens.accessToken", accessToken);
  checkHeaderText("tokens.chatgptAccountId", chatgptAccountId);
  return { accessToken, chatgptAccountId, chatgptPlanType };
}

/** The messages do not contain the value, which may be a secret. */
function checkHeaderText(name: string, value: unknown): void {
  checkNameLength(name, value);
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  const shown =
    typeof value === "string"
      ? "one that is empty, or has white space or a character outside of ASCII"
      : describeType(value);
  throw new InvalidOptionError(
    name,
    `expected a string that an HTTP header can hold, not ${shown}.`,
  );
}
