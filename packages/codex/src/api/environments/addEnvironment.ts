import type { RuntimeClient } from "../../client/runtimeClient.js";
import { isLoopback } from "../../client/transportOptions.js";
import { InvalidOptionError } from "../../errors.js";
import { EnvironmentLostError } from "../../errors/environmentErrors.js";
import { isObject } from "../../internal/isObject.js";
import {
  checkDuration,
  checkNameLength,
  checkRequiredOptions,
  checkText,
  optionsOf,
} from "../../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../../rpc/requestOptions.js";
import { JsonRpcError } from "../../rpc/rpcErrors.js";
import { waitWithin } from "../timeLimit.js";

/** Options of `Codex.addEnvironment` (`environment/add`). */
export interface AddEnvironmentOptions extends RequestOptions {
  /** Id of the environment, by which threads select it. An id that is taken gets the new address. */
  readonly id: string;
  /** Address of the executor: `ws://` of this machine, or `wss://`. */
  readonly url: string;
  /** Bearer token of the executor, which the runtime sends with each connection. */
  readonly token?: string | undefined;
  /**
   * Time limit of a connection of the runtime to the executor, in milliseconds. Defaults to the
   * runtime's.
   */
  readonly connectTimeoutMs?: number | undefined;
}

/** Facts about an environment (`environment/info`). */
export interface EnvironmentInfo {
  /** Id of the environment. */
  readonly id: string;
  /** Path of the shell of commands there; `undefined` when the executor does not report it. */
  readonly shell: string | undefined;
  /** Working directory of the executor, as a `file:` URL; `undefined` when the executor does not report it. */
  readonly cwd: string | undefined;
}

const ADD_OPTIONS = optionsOf<AddEnvironmentOptions>({
  ...REQUEST_CHECKS,
  id: checkText,
  url: checkUrl,
  token: checkToken,
  connectTimeoutMs: checkDuration,
});

/** Adds an environment to the runtime, and checks that it can be reached. See `Codex.addEnvironment`. */
export async function addEnvironment(
  runtime: RuntimeClient,
  options: AddEnvironmentOptions,
): Promise<EnvironmentInfo> {
  checkRequiredOptions("addEnvironment", options, ADD_OPTIONS);
  const { id, url, token, connectTimeoutMs, signal, timeoutMs } = options;
  checkText("id", id);
  checkUrl("url", url);
  if (id === "local") {
    throw new InvalidOptionError("id", '"local" is the machine of the runtime; choose another id.');
  }
  if (token !== undefined) runtime.secrets.add(token);
  return waitWithin("environment/add", { signal, timeoutMs }, async (limit) => {
    const params = {
      environmentId: id,
      execServerUrl: url,
      ...(token === undefined ? {} : { authBearerToken: token }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    };
    await runtime.request("environment/add", params, { signal: limit });
    // The runtime accepts every address, and connects with the first use.
    return readInfo(runtime, id, limit);
  });
}

async function readInfo(
  runtime: RuntimeClient,
  id: string,
  signal: AbortSignal | undefined,
): Promise<EnvironmentInfo> {
  try {
    const params = { environmentId: id };
    const response: unknown = await runtime.dispatch("environment/info", params, { signal });
    const { shell, cwd } = isObject(response) ? response : {};
    const path = isObject(shell) ? shell["path"] : undefined;
    return {
      id,
      shell: typeof path === "string" ? path : undefined,
      cwd: typeof cwd === "string" ? cwd : undefined,
    };
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    throw new EnvironmentLostError(id, error.rpcMessage);
  }
}

/** The messages do not contain the address, which may hold a password. */
function checkUrl(name: string, value: unknown): void {
  checkText(name, value);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "ws:" && url?.protocol !== "wss:") {
    throw new InvalidOptionError(name, "expected a ws:// or wss:// address.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidOptionError(name, "has a user name or password; pass a token in its place.");
  }
  if (url.protocol === "ws:" && !isLoopback(url.hostname)) {
    throw new InvalidOptionError(
      name,
      `ws:// to ${url.hostname} is not encrypted, and that is not this machine: use wss://, or a tunnel to this machine.`,
    );
  }
}

function checkToken(name: string, value: unknown): void {
  checkNameLength(name, value);
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  throw new InvalidOptionError(
    name,
    "expected a text of visible ASCII characters without spaces; was a line break read along with it?",
  );
}
