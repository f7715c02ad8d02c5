import type {
  AccountLoginCompletedNotification,
  CancelLoginAccountResponse,
  LoginAccountParams,
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
   * Waits until the attempt has ended (`account/login/completed`); a failed, cancelled or replaced one
   * is a value with `success: false`. May be called again: the completion is kept.
   *
   * @throws TransportClosedError when the runtime goes first, CodexClosedError when the client is
   * closed first; the signal's reason after an abort, which leaves the attempt itself alone.
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

/** The logins that a person completes, and the texts that the runtime must answer each with. */
const ANSWER_MEMBERS = {
  chatgpt: ["loginId", "authUrl"],
  chatgptDeviceCode: ["loginId", "verificationUrl", "userCode"],
} as const satisfies Partial<Record<LoginAccountParams["type"], readonly string[]>>;

type LoginType = keyof typeof ANSWER_MEMBERS;

type LoginAnswer<Type extends LoginType> = Readonly<
  Record<(typeof ANSWER_MEMBERS)[Type][number], string>
>;

/** Logs in with an API key (`account/login/start`). */
export async function loginWithApiKey(client: AppServerClient, apiKey: string): Promise<void> {
  checkApiKey(apiKey);
  await client.request("account/login/start", { type: "apiKey", apiKey });
}

/** Starts a login in the browser (`account/login/start`). */
export async function loginWithChatgpt(client: AppServerClient): Promise<ChatgptLoginHandle> {
  const { answer, route } = await startLogin(client, "chatgpt");
  return { ...toLoginHandle(client, route), authUrl: answer.authUrl };
}

/** Starts a login on another device (`account/login/start`). */
export async function loginWithDeviceCode(client: AppServerClient): Promise<DeviceCodeLoginHandle> {
  const { answer, route } = await startLogin(client, "chatgptDeviceCode");
  const { verificationUrl, userCode } = answer;
  return { ...toLoginHandle(client, route), verificationUrl, userCode };
}

/** The runtime would store any text, and then send its requests without the key if no header can hold it. */
function checkApiKey(apiKey: unknown): void {
  // No message shows the key, or any part of it.
  if (typeof apiKey !== "string") {
    throw new InvalidOptionError("apiKey", `expected the key as a string, not ${typeof apiKey}.`);
  }
  if (apiKey.trim() === "") {
    throw new InvalidOptionError("apiKey", "is empty; pass the key.");
  }
  if (/[\s\p{Cc}]/u.test(apiKey)) {
    throw new InvalidOptionError(
      "apiKey",
      "holds white space or a control character, which no key does; a key that was read from a file often ends in a line break: trim() it.",
    );
  }
}

async function startLogin<Type extends LoginType>(
  client: AppServerClient,
  type: Type,
): Promise<{ readonly answer: LoginAnswer<Type>; readonly route: LoginRoute }> {
  const pending = client.router.beginLogin();
  let started: { readonly answer: LoginAnswer<Type>; readonly route: LoginRoute } | undefined;
  const result = await client.dispatch(
    "account/login/start",
    { type },
    {
      onResult: (answer) => {
        if (isAnswerTo(type, answer)) started = { answer, route: pending.claim(answer.loginId) };
      },
      onSettled: () => pending.settle(),
    },
  );
  if (started === undefined) {
    // An answer to another kind of login may hold a credential, so that its type alone is shown.
    const answered = isObject(result) ? JSON.stringify(result["type"]) : typeof result;
    throw new CodexProtocolError(
      `account/login/start: a login of type "${type}" was answered with type ${answered}, or without ${ANSWER_MEMBERS[type].join(" or ")}; use the runtime version that this SDK is made for.`,
    );
  }
  return started;
}

function isAnswerTo<Type extends LoginType>(
  type: Type,
  answer: unknown,
): answer is LoginAnswer<Type> & { readonly loginId: string } {
  if (!isObject(answer) || answer["type"] !== type) return false;
  return ANSWER_MEMBERS[type].every((member) => typeof answer[member] === "string");
}

function toLoginHandle(client: AppServerClient, route: LoginRoute): LoginHandle {
  return {
    loginId: route.id,
    async wait({ signal } = {}) {
      const { params } = await raceAbort(route.completion, signal);
      // The route takes `account/login/completed` alone, whose params these are.
      return params as AccountLoginCompletedNotification;
    },
    cancel: () => client.request("account/login/cancel", { loginId: route.id }),
  };
}
