import type {
  AccountLoginCompletedNotification,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
} from "@openai/codex-types";

import type { AppServerClient } from "../client/appServerClient.js";
import { CodexProtocolError, InvalidOptionError } from "../errors.js";
import { raceAbort } from "../internal/abort.js";
import type { LoginRoute } from "../router/loginRoute.js";
import { isObject } from "../rpc/message.js";

/** One attempt to log in that a person completes elsewhere. */
export interface LoginHandle {
  /** The attempt's id. */
  readonly loginId: string;
  /**
   * Waits until the attempt has ended (`account/login/completed`); a failed or cancelled one is a
   * value with `success: false`. May be called again: the completion is kept.
   *
   * @throws TransportClosedError when the runtime goes first; the signal's reason after an abort,
   * which leaves the attempt itself alone.
   */
  wait(options?: {
    readonly signal?: AbortSignal | undefined;
  }): Promise<AccountLoginCompletedNotification>;
  /** Gives the attempt up (`account/login/cancel`): `canceled`, or `notFound` when it has ended. */
  cancel(): Promise<CancelLoginAccountResponse>;
}

/** A login in the browser: the person opens `authUrl`. */
export interface ChatgptLoginHandle extends LoginHandle {
  /** The page to open in a browser of this machine. */
  readonly authUrl: string;
}

/** A login on another device: the person opens `verificationUrl` there and types `userCode`. */
export interface DeviceCodeLoginHandle extends LoginHandle {
  /** The page to open on any device. */
  readonly verificationUrl: string;
  /** The code to type there. */
  readonly userCode: string;
}

type LoginType = "chatgpt" | "chatgptDeviceCode";

/** Logs in with an API key (`account/login/start`). */
export async function loginWithApiKey(client: AppServerClient, apiKey: string): Promise<void> {
  if (typeof apiKey !== "string" || apiKey.trim() === "") {
    throw new InvalidOptionError(
      "apiKey",
      "is empty, and the runtime would store it all the same; pass the key.",
    );
  }
  await client.request("account/login/start", { type: "apiKey", apiKey });
}

/** Starts a login in the browser (`account/login/start`). */
export async function loginWithChatgpt(client: AppServerClient): Promise<ChatgptLoginHandle> {
  const { response, handle } = await startLogin(client, "chatgpt");
  return { ...handle, authUrl: response.authUrl };
}

/** Starts a login on another device (`account/login/start`). */
export async function loginWithDeviceCode(client: AppServerClient): Promise<DeviceCodeLoginHandle> {
  const { response, handle } = await startLogin(client, "chatgptDeviceCode");
  return { ...handle, verificationUrl: response.verificationUrl, userCode: response.userCode };
}

async function startLogin<Type extends LoginType>(
  client: AppServerClient,
  type: Type,
): Promise<{
  readonly response: Extract<LoginAccountResponse, { readonly type: Type }>;
  readonly handle: LoginHandle;
}> {
  const pending = client.router.beginLogin();
  let route: LoginRoute | undefined;
  const params: LoginAccountParams = { type };
  const response = await client.dispatch("account/login/start", params, {
    onResult: (result) => {
      const loginId = isObject(result) ? result["loginId"] : undefined;
      if (typeof loginId === "string") route = pending.claim(loginId);
    },
    onSettled: () => pending.settle(),
  });
  if (route === undefined || !isResponseOf(type, response)) {
    throw new CodexProtocolError(
      `unexpected response to a login of type ${type}: ${JSON.stringify(response)}`,
    );
  }
  return { response, handle: toLoginHandle(client, route) };
}

function isResponseOf<Type extends LoginType>(
  type: Type,
  response: unknown,
): response is Extract<LoginAccountResponse, { readonly type: Type }> {
  return isObject(response) && response["type"] === type;
}

function toLoginHandle(client: AppServerClient, route: LoginRoute): LoginHandle {
  return {
    loginId: route.id,
    async wait({ signal } = {}) {
      signal?.throwIfAborted();
      const { params } = await raceAbort(route.completion, signal);
      // The route takes `account/login/completed` alone, whose params these are.
      return params as AccountLoginCompletedNotification;
    },
    cancel: () => client.request("account/login/cancel", { loginId: route.id }),
  };
}
