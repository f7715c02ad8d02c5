/// <reference lib="esnext.disposable" preserve="true" />
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Codex } from "../api/codex.js";
import type { CodexOptions } from "../api/codexOptions.js";
import { toTomlDocument } from "../internal/toml.js";
import {
  checkBoolean,
  checkObject,
  checkOneOf,
  checkOptions,
  checkText,
  optionsOf,
} from "../internal/validate.js";
import { type ConfigTable, mergeConfig } from "./mergeConfig.js";
import { REVIEW_MODES, type ReviewMode } from "./reviews.js";
import { SCRIPTED_MODEL_NAME, ScriptedModel } from "./scriptedModel.js";

/** Options of `startHarness()`. */
export interface HarnessOptions {
  /**
   * Options of the `Codex`. `env` is merged over the variables of the harness, and `cwd` replaces the
   * workspace folder.
   */
  readonly codex?: CodexOptions | undefined;
  /**
   * Further content of the `config.toml`, merged over that of the harness. `undefined` removes a key. For
   * a value of a single thread, use the options of the thread instead.
   */
  readonly config?: ConfigTable | undefined;
  /**
   * Makes the model provider one that needs a login, so that `account()` reports the login and requests
   * carry its token.
   *
   * @default false
   */
  readonly requiresOpenaiAuth?: boolean | undefined;
  /**
   * The ChatGPT back end (`chatgpt_base_url`). Defaults to that of the runtime, which tests must not
   * call.
   */
  readonly chatgptBaseUrl?: string | undefined;
  /**
   * Response to review requests, see `ScriptedModelOptions.reviews`.
   *
   * @default "allow"
   */
  readonly reviews?: ReviewMode | undefined;
}

const HARNESS_OPTIONS = optionsOf<HarnessOptions>({
  codex: checkObject,
  config: checkObject,
  requiresOpenaiAuth: checkBoolean,
  chatgptBaseUrl: checkText,
  reviews: (name, value) => checkOneOf(name, value, REVIEW_MODES),
});

/** The real runtime with a scripted model, for one test. Made by `startHarness()`. */
export interface Harness extends AsyncDisposable {
  /** The client. Its first call starts the runtime. */
  readonly codex: Codex;
  /** The model that the runtime uses. */
  readonly model: ScriptedModel;
  /** The `CODEX_HOME` of the runtime, with its `config.toml`. */
  readonly codexHome: string;
  /** The working directory of the runtime, an empty folder. */
  readonly workspace: string;
  /** Closes the runtime, then the model, and removes the folders. A second call does nothing. */
  close(): Promise<void>;
}

// Keys of the developer must not reach a test, nor the files that shells read at their start.
const FOREIGN_VARIABLES = [
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "BASH_ENV",
  "ENV",
  "ZDOTDIR",
] as const;

const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/** Folders of harnesses that are open. They are removed at the end of the process, too. */
const openFolders = new Set<string>();

/**
 * Starts the real runtime with a scripted model: makes a temporary folder, readable by this user only,
 * with a `CODEX_HOME` and a workspace, a `ScriptedModel`, and a `Codex` that uses both. It needs no
 * network and no key. Close it at the end of the test, or use `await using`. Leaves nothing behind when
 * it rejects.
 *
 * @example
 * ```ts
 * const harness = await startHarness();
 * harness.model.reply("Hello.");
 * const thread = await harness.codex.startThread();
 * console.log((await thread.run("Say hello.")).finalResponse);
 * await harness.close();
 * ```
 *
 * @throws InvalidOptionError
 */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  checkOptions("startHarness()", options, HARNESS_OPTIONS);
  const cleanups: (() => Promise<void>)[] = [];
  try {
    const root = await makeFolder();
    cleanups.unshift(() => removeFolder(root));
    const codexHome = join(root, "codex-home");
    const workspace = join(root, "workspace");
    await mkdir(codexHome);
    await mkdir(workspace);

    const model = await ScriptedModel.start({ reviews: options.reviews });
    cleanups.unshift(() => model.close());
    await writeFile(
      join(codexHome, "config.toml"),
      toTomlDocument("config", configFor(model, options)),
    );

    const codex = new Codex({
      ...options.codex,
      cwd: options.codex?.cwd ?? workspace,
      env: { ...harnessEnv(root, codexHome), ...options.codex?.env },
    });
    cleanups.unshift(() => codex.close());

    let closed: Promise<void> | undefined;
    const close = () => (closed ??= runAll(cleanups));
    return { codex, model, codexHome, workspace, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await runAll(cleanups);
    throw error;
  }
}

async function makeFolder(): Promise<string> {
  // The runtime resolves symlinks in its paths; `mkdtemp` makes the folder for this user only.
  const root = await mkdtemp(join(await realpath(tmpdir()), "codex-harness-"));
  if (openFolders.size === 0) process.on("exit", removeOpenFolders);
  openFolders.add(root);
  return root;
}

async function removeFolder(root: string): Promise<void> {
  await rm(root, REMOVAL);
  openFolders.delete(root);
  if (openFolders.size === 0) process.off("exit", removeOpenFolders);
}

/** Removes the folders of harnesses that a test has not closed. */
function removeOpenFolders(): void {
  for (const root of openFolders) {
    try {
      rmSync(root, { recursive: true, force: true });
    } catch {
      // A runtime that is ending may still write. The process ends either way.
    }
  }
}

function configFor(model: ScriptedModel, options: HarnessOptions): ConfigTable {
  const base: ConfigTable = {
    model: SCRIPTED_MODEL_NAME,
    model_provider: "mock",
    chatgpt_base_url: options.chatgptBaseUrl,
    // With plugins, the runtime fetches a catalogue over the network as it starts. A snapshot of the shell
    // costs a tenth of a second for each thread, and the commands of a test run once.
    features: { plugins: false, shell_snapshot: false },
    model_providers: {
      mock: {
        name: "Scripted model",
        base_url: model.url,
        wire_api: "responses",
        request_max_retries: 0,
        stream_max_retries: 0,
        requires_openai_auth: options.requiresOpenaiAuth,
      },
    },
  };
  return mergeConfig(base, options.config ?? {});
}

function harnessEnv(home: string, codexHome: string): Record<string, string | undefined> {
  return {
    // Commands run in login shells, which must not read the profile of the developer.
    HOME: home,
    USERPROFILE: home,
    ...Object.fromEntries(FOREIGN_VARIABLES.map((name) => [name, undefined])),
    CODEX_HOME: codexHome,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    RUST_LOG: "warn",
    // A proxy of the machine must not get the requests to the scripted model.
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}

/** Runs every cleanup, also after one has failed, and then throws the failures. */
async function runAll(cleanups: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanup of cleanups) {
    try {
      // One after the other: the folder is removed last, when no process writes into it.
      // oxlint-disable-next-line no-await-in-loop
      await cleanup();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, "The harness could not be closed.");
}
