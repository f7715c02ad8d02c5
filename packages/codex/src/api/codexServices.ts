import type {
  ConfigReadResponse,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  GetAccountTokenUsageResponse,
  ListMcpServerStatusResponse,
  ModelListResponse,
  PluginSkillReadParams,
  PluginSkillReadResponse,
  SkillsListResponse,
} from "@openai/codex-types";

import { checkObject, checkOptions, checkText, optionsOf } from "../internal/validate.js";
import { type RequestOptions, toRequestOptions } from "../rpc/requestOptions.js";
import { type CommandResult, runCommand, type RunCommandOptions } from "./commands/runCommand.js";
import {
  addEnvironment,
  type AddEnvironmentOptions,
  type EnvironmentInfo,
} from "./environments/addEnvironment.js";
import {
  type ChatgptLoginHandle,
  type DeviceCodeLoginHandle,
  loginWithApiKey,
  loginWithChatgpt,
  loginWithDeviceCode,
} from "./login.js";
import {
  ACCOUNT_OPTIONS,
  type AccountOptions,
  checkRequestOptions,
  MODELS_OPTIONS,
  type ModelsOptions,
} from "./readOptions.js";
import {
  CONFIG_OPTIONS,
  type ConfigOptions,
  MCP_SERVERS_OPTIONS,
  type McpServersOptions,
  SKILLS_OPTIONS,
  type SkillsOptions,
  USAGE_OPTIONS,
  type UsageOptions,
} from "./serviceOptions.js";
import { withFolders } from "./settings/checkFolder.js";
import type { SettingsServices } from "./settings/settingsServices.js";
import { type LoginWithTokensOptions, TokenLogin } from "./tokenLogin.js";
import { withoutRequestOptions } from "./wireOptions.js";

const PLUGIN_SKILL_PARAMS = optionsOf<PluginSkillReadParams>({
  remoteMarketplaceName: true,
  remotePluginId: true,
  skillName: true,
});

/** The methods of a client that do not belong to a thread: account, configuration, commands. */
export abstract class CodexServices {
  readonly #services: SettingsServices;
  readonly #tokenLogin: TokenLogin;

  /** @internal */
  constructor(services: SettingsServices) {
    this.#services = services;
    this.#tokenLogin = new TokenLogin(services.runtime);
  }

  /** Lists the models to choose from (`model/list`). */
  async models(options: ModelsOptions = {}): Promise<ModelListResponse> {
    checkOptions("models", options, MODELS_OPTIONS);
    const { includeHidden = false } = options;
    const { runtime } = this.#services;
    return runtime.request("model/list", { includeHidden }, toRequestOptions(options));
  }

  /**
   * Adds an environment in which commands of threads can run (`environment/add`), and checks that it can be
   * reached (`environment/info`). The agent, its keys and its threads stay with the runtime. See
   * `codexExecServer`.
   *
   * @throws InvalidOptionError before anything is sent; EnvironmentLostError when the runtime cannot reach
   * the executor.
   */
  async addEnvironment(options: AddEnvironmentOptions): Promise<EnvironmentInfo> {
    return addEnvironment(this.#services.runtime, options);
  }

  /** Lists the skills that a folder has (`skills/list`). */
  async skills(options: SkillsOptions = {}): Promise<SkillsListResponse> {
    checkOptions("skills", options, SKILLS_OPTIONS);
    const { runtime } = this.#services;
    const { cwd, ...rest } = withoutRequestOptions(withFolders(runtime, options));
    const params = cwd === undefined ? rest : { ...rest, cwds: [cwd] };
    return runtime.request("skills/list", params, toRequestOptions(options));
  }

  /**
   * Reads a skill of a plugin that is not installed (`plugin/skill/read`): its markdown, or `null`.
   *
   * @throws JsonRpcError when nobody is logged in with ChatGPT, or there is not such a skill.
   */
  async readPluginSkill(
    params: PluginSkillReadParams,
    options?: RequestOptions,
  ): Promise<PluginSkillReadResponse> {
    checkObject("params", params);
    checkOptions("readPluginSkill", params, PLUGIN_SKILL_PARAMS);
    for (const name of PLUGIN_SKILL_PARAMS.keys()) checkText(name, Reflect.get(params, name));
    checkRequestOptions("readPluginSkill", options);
    const { runtime } = this.#services;
    return runtime.request("plugin/skill/read", params, toRequestOptions(options));
  }

  /** Reads one page of the MCP servers with their state and tools (`mcpServerStatus/list`). */
  async mcpServers(options: McpServersOptions = {}): Promise<ListMcpServerStatusResponse> {
    checkOptions("mcpServers", options, MCP_SERVERS_OPTIONS);
    const params = withoutRequestOptions(options);
    const { runtime } = this.#services;
    return runtime.request("mcpServerStatus/list", params, toRequestOptions(options));
  }

  /** Reads the configuration of the MCP servers again, for threads that are open, too (`config/mcpServer/reload`). */
  async reloadMcpServers(options?: RequestOptions): Promise<void> {
    checkRequestOptions("reloadMcpServers", options);
    const { runtime } = this.#services;
    await runtime.request("config/mcpServer/reload", undefined, toRequestOptions(options));
  }

  /** Reads the effective configuration, as seen from a folder (`config/read`). */
  async config(options: ConfigOptions = {}): Promise<ConfigReadResponse> {
    checkOptions("config", options, CONFIG_OPTIONS);
    const { runtime } = this.#services;
    return runtime.request(
      "config/read",
      withoutRequestOptions(withFolders(runtime, options)),
      toRequestOptions(options),
    );
  }

  /**
   * Runs a command in the sandbox of the runtime, without a thread and without the model
   * (`command/exec`), and returns its exit code and output.
   *
   * @example
   * ```ts
   * const { exitCode, stdout } = await codex.runCommand(["git", "--version"]);
   * console.log(exitCode, stdout);
   * ```
   *
   * @throws InvalidOptionError before anything is sent; RequestTimeoutError after `timeoutMs` and the
   * signal's reason after an abort, both of which end the command.
   */
  async runCommand(
    command: readonly string[],
    options: RunCommandOptions = {},
  ): Promise<CommandResult> {
    return runCommand(this.#services, command, options);
  }

  /** Logs in with an API key (`account/login/start`), which the runtime stores. */
  async loginApiKey(apiKey: string, options?: RequestOptions): Promise<void> {
    return loginWithApiKey(this.#services.runtime, apiKey, options);
  }

  /** Starts a login with ChatGPT in the browser (`account/login/start`); replaces one that waits. */
  async loginChatgpt(options?: RequestOptions): Promise<ChatgptLoginHandle> {
    return loginWithChatgpt(this.#services.runtime, options);
  }

  /**
   * Starts a login with ChatGPT on another device (`account/login/start`); replaces one that waits.
   *
   * @example
   * ```ts
   * const login = await codex.loginChatgptDeviceCode();
   * console.log(`Open ${login.verificationUrl} and enter ${login.userCode}`);
   * console.log((await login.wait()).success);
   * ```
   */
  async loginChatgptDeviceCode(options?: RequestOptions): Promise<DeviceCodeLoginHandle> {
    return loginWithDeviceCode(this.#services.runtime, options);
  }

  /**
   * Logs in with ChatGPT tokens that the application manages (`account/login/start`), which the runtime
   * does not store. `onRefresh` brings new ones when the runtime needs them
   * (`account/chatgptAuthTokens/refresh`); without it, the turn fails then.
   *
   * @throws InvalidOptionError for tokens that an HTTP header cannot hold.
   */
  async loginWithTokens(options: LoginWithTokensOptions): Promise<void> {
    return this.#tokenLogin.start(options);
  }

  /** Reads the account that is logged in (`account/read`); `refreshToken` has the token refreshed first. */
  async account(options: AccountOptions = {}): Promise<GetAccountResponse> {
    checkOptions("account", options, ACCOUNT_OPTIONS);
    const { refreshToken = false } = options;
    const { runtime } = this.#services;
    return runtime.request("account/read", { refreshToken }, toRequestOptions(options));
  }

  /**
   * Reads the rate limits of the account (`account/rateLimits/read`).
   *
   * @throws JsonRpcError when nobody is logged in with ChatGPT.
   */
  async rateLimits(options?: RequestOptions): Promise<GetAccountRateLimitsResponse> {
    checkRequestOptions("rateLimits", options);
    const { runtime } = this.#services;
    return runtime.request("account/rateLimits/read", undefined, toRequestOptions(options));
  }

  /**
   * Reads the token usage of the account (`account/usage/read`), or of one thread.
   *
   * @throws JsonRpcError when nobody is logged in with ChatGPT.
   */
  async usage(options: UsageOptions = {}): Promise<GetAccountTokenUsageResponse> {
    checkOptions("usage", options, USAGE_OPTIONS);
    const params = withoutRequestOptions(options);
    const { runtime } = this.#services;
    return runtime.request("account/usage/read", params, toRequestOptions(options));
  }

  /** Logs out (`account/logout`); a login that waits ends. */
  async logout(options?: RequestOptions): Promise<void> {
    checkRequestOptions("logout", options);
    await this.#services.runtime.dispatch("account/logout", undefined, {
      ...toRequestOptions(options),
      onResult: () => this.#tokenLogin.end(),
    });
  }
}
