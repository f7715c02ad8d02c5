import type {
  AccountLoginCompletedNotification,
  CancelLoginAccountResponse,
  LoginAccountParams,
} from "@openai/codex-types";

import { checkApiKey } from "../client/launchOptions.js";
import type { RuntimeClient } from "../client/runtimeClient.js";
import { CodexProtocolError } from "../errors.js";
import { onAbort } from "../internal/abort.js";
import { isObject } from "../internal/isObject.js";
import { checkOptions, describeType } from "../internal/validate.js";
import type { LoginRoute } from "../router/loginRoute.js";
import { type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";
import { checkRequestOptions, WAIT_OPTIONS, type WaitOptions } from "./readOptions.js";

/** A login attempt that a person completes in a browser. */
export interface LoginHandle {
  /** Id of the attempt. */
  readonly loginId: string;
  /**
   * Waits until the attempt has ended (`account/login/completed`). An attempt that failed, was cancelled
   * or was replaced resolves with `success: false`. May be called again: the completion is kept.
   *
   * @throws InvalidOptionError; TransportClosedError when the runtime ends first; CodexClosedError when
   * the client is closed first; the signal's reason after an abort, which does not cancel the attempt.
   */
  wait(options?: WaitOptions): Promise<AccountLoginCompletedNotification>;
  /** Cancels the attempt (`account/login/cancel`). Resolves with `canceled`, or `notFound` when it has ended. */
  cancel(options?: RequestOptions): Promise<CancelLoginAccountResponse>;
}

/** A login in a browser of this machine. */
export interface ChatgptLoginHandle extends LoginHandle {
  /** Page to open in a browser of this machine. */
  readonly authUrl: string;
}

/** A login on another device: the person opens `verificationUrl` there and enters `userCode`. */
export interface DeviceCodeLoginHandle extends LoginHandle {
  /** Page to open on any device. */
  readonly verificationUrl: string;
  /** Code to enter on that page. */
  readonly userCode: string;
}

/** The logins that a person completes, with the strings that each response must have. */
const RESPONSE_MEMBERS = {
  chatgpt: ["loginId", "authUrl"],
  chatgptDeviceCode: ["loginId", "verificationUrl", "userCode"],
} as const satisfies Partial<Record<LoginAccountParams["type"], readonly string[]>>;

type LoginType = keyof typeof RESPONSE_MEMBERS;

type LoginResponse<Type extends LoginType> = Readonly<
  Record<(typeof RESPONSE_MEMBERS)[Type][number], string>
>;

/**
 * Logs in with an API key (`account/login/start`).
 *
 * @throws InvalidOptionError for a key that an HTTP header cannot hold.
 */
export async function loginWithApiKey(
  runtime: RuntimeClient,
  apiKey: string,
  options: RequestOptions | undefined,
): Promise<void> {
  checkApiKey(apiKey);
  checkRequestOptions("loginApiKey", options);
  const params = { type: "apiKey", apiKey } as const;
  await runtime.request("account/login/start", params, toRequestOptions(options));
}

/** Starts a login in a browser of this machine (`account/login/start`). */
export async function loginWithChatgpt(
  runtime: RuntimeClient,
  options: RequestOptions | undefined,
): Promise<ChatgptLoginHandle> {
  checkRequestOptions("loginChatgpt", options);
  const { response, route } = await startLogin(runtime, "chatgpt", options);
  return { ...toLoginHandle(runtime, route), authUrl: response.authUrl };
}

/** Starts a login on another device (`account/login/start`). */
export async function loginWithDeviceCode(
  runtime: RuntimeClient,
  options: RequestOptions | undefined,
): Promise<DeviceCodeLoginHandle> {
  checkRequestOptions("loginChatgptDeviceCode", options);
  const { response, route } = await startLogin(runtime, "chatgptDeviceCode", options);
  const { verificationUrl, userCode } = response;
  return { ...toLoginHandle(runtime, route), verificationUrl, userCode };
}

async function startLogin<Type extends LoginType>(
  runtime: RuntimeClient,
  type: Type,
  options: RequestOptions | undefined,
): Promise<{ readonly response: LoginResponse<Type>; readonly route: LoginRoute }> {
  const pending = runtime.router.logins.begin();
  let started: { readonly response: LoginResponse<Type>; readonly route: LoginRoute } | undefined;
  const result = await runtime.dispatch(
    "account/login/start",
    { type },
    {
      ...toRequestOptions(options),
      onResult: (response, { hasLeft }) => {
        if (!isResponseTo(type, response)) return;
        if (hasLeft) cancelLogin(runtime, response.loginId);
        else started = { response, route: pending.claim(response.loginId) };
      },
      onSettled: () => pending.settle(),
    },
  );
  if (started === undefined) {
    // The response to another kind of login may contain a credential, so only its type is shown.
    const given = isObject(result) ? JSON.stringify(result["type"]) : describeType(result);
    const responded = runtime.secrets.mask(String(given));
    throw new CodexProtocolError(
      `account/login/start: the response to a login of type "${type}" has the type ${responded}, or lacks ${RESPONSE_MEMBERS[type].join(" or ")}; use the runtime version that this SDK is made for.`,
    );
  }
  return started;
}

/** Cancels an attempt whose caller left before it had begun: nobody can complete or cancel it. */
function cancelLogin(runtime: RuntimeClient, loginId: string): void {
  runtime.cleanUp("account/login/cancel", { loginId });
}

function isResponseTo<Type extends LoginType>(
  type: Type,
  response: unknown,
): response is LoginResponse<Type> & { readonly loginId: string } {
  if (!isObject(response) || response["type"] !== type) return false;
  return RESPONSE_MEMBERS[type].every((member) => typeof response[member] === "string");
}

function toLoginHandle(runtime: RuntimeClient, route: LoginRoute): LoginHandle {
  return {
    loginId: route.id,
    wait: async (options) => {
      checkOptions("wait", options, WAIT_OPTIONS);
      return waitForLogin(route, options?.signal);
    },
    cancel: async (options) => {
      checkRequestOptions("cancel", options);
      const params = { loginId: route.id };
      return runtime.request("account/login/cancel", params, toRequestOptions(options));
    },
  };
}

function waitForLogin(
  route: LoginRoute,
  signal: AbortSignal | undefined,
): Promise<AccountLoginCompletedNotification> {
  return new Promise((resolve, reject) => {
    let stopListening = () => {};
    const removeListener = route.onEnd((end) => {
      stopListening();
      // SAFETY: the route takes only `account/login/completed`, whose params these are.
      if (end.kind === "completed")
        resolve(end.message.params as AccountLoginCompletedNotification);
      else reject(end.error);
    });
    stopListening = onAbort(signal, (reason) => {
      removeListener();
      reject(reason);
    });
  });
}
