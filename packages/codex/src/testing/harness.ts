/// <reference lib="esnext.disposable" preserve="true" />
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Codex, type CodexOptions } from "../api/codex.js";
import { type ConfigTable, mergeConfig, toToml } from "./configToml.js";
import { SCRIPTED_MODEL_NAME, ScriptedModel } from "./scriptedModel.js";

/** What a harness may be given. */
export interface HarnessOptions {
  /**
   * Options of the `Codex`. `env` is merged over the harness's own; a `cwd` takes the place of the
   * workspace folder.
   */
  readonly codex?: CodexOptions;
  /**
   * More of the `config.toml`, merged over what the harness writes; `undefined` removes a key. For a
   * one-off value of a thread use the thread's options instead.
   */
  readonly config?: ConfigTable;
  /** Makes the provider one that needs a login: then the account shows, and requests carry its token. */
  readonly requiresOpenaiAuth?: boolean;
  /** The ChatGPT back end (`chatgpt_base_url`); by default the runtime's own, which a test must not ask. */
  readonly chatgptBaseUrl?: string;
}

/** The real runtime between a scripted model and the test. Made by `startHarness()`. */
export interface Harness extends AsyncDisposable {
  /** Ready to use, not started yet: its first call starts the runtime. */
  readonly codex: Codex;
  /** What the runtime takes for the model. */
  readonly model: ScriptedModel;
  /** The runtime's `CODEX_HOME`, with the `config.toml` in it. */
  readonly codexHome: string;
  /** An empty folder, the runtime's working directory. */
  readonly workspace: string;
  /** Closes the runtime, then the model, and removes the folders. A second call does nothing. */
  close(): Promise<void>;
}

// A key of the developer's own must not reach a test, nor what their shells are to read at the start.
const FOREIGN_VARIABLES = [
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "BASH_ENV",
  "ENV",
  "ZDOTDIR",
] as const;

/**
 * Sets up what a test of the real runtime needs, with no network and no key: a temporary folder
 * (readable by this user alone) with a `CODEX_HOME` and a workspace, a `ScriptedModel`, and a `Codex`
 * on both. Dispose of it (`await using`, or `close()`); when the setting up fails, nothing is left.
 */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "codex-harness-")));
  const cleanups: (() => Promise<void>)[] = [
    () => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  ];
  try {
    await chmod(root, 0o700);
    const codexHome = join(root, "codex-home");
    const workspace = join(root, "workspace");
    await mkdir(codexHome);
    await mkdir(workspace);

    const model = await ScriptedModel.start();
    cleanups.unshift(() => model.close());
    await writeFile(join(codexHome, "config.toml"), toToml(configFor(model, options)));

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

function configFor(model: ScriptedModel, options: HarnessOptions): ConfigTable {
  const base: ConfigTable = {
    model: SCRIPTED_MODEL_NAME,
    model_provider: "mock",
    chatgpt_base_url: options.chatgptBaseUrl,
    // With plugins on, the runtime fetches a catalogue over the network as it starts.
    features: { plugins: false },
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
    // The runtime's commands run in login shells: the developer's profile must not slow or hang them.
    HOME: home,
    ...Object.fromEntries(FOREIGN_VARIABLES.map((name) => [name, undefined])),
    CODEX_HOME: codexHome,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    RUST_LOG: "warn",
    // A proxy of the developer's machine must not stand between the runtime and the loopback.
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
}

/** Runs every cleanup, also after one has failed, and then throws what failed. */
async function runAll(cleanups: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanup of cleanups) {
    try {
      // One after the other: the folder goes last, when nobody writes into it.
      // oxlint-disable-next-line no-await-in-loop
      await cleanup();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, "The harness could not be closed.");
}
