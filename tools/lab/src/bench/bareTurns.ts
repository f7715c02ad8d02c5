import { dirname } from "node:path";

import { codexPath } from "@openai/codex-cli-bin";
import type { Harness } from "@openai/codex/testing";

import { BareClient } from "./bareClient.js";

/** Returns the environment of a harness's runtime, for a party that starts the runtime by itself. */
export function harnessEnv({ codexHome }: Harness): NodeJS.ProcessEnv {
  const home = dirname(codexHome);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    CODEX_HOME: codexHome,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    RUST_LOG: "warn",
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  };
  for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL", "CODEX_API_KEY"]) delete env[name];
  return env;
}

/** Settings that the SDK gives a new thread: with others, the runtime itself would take another time. */
const THREAD_SETTINGS = { approvalPolicy: "on-request", approvalsReviewer: "auto_review" } as const;

/** Turns of the bare client. */
export class BareTurns {
  readonly client: BareClient;
  readonly #waiting = new Map<string, () => void>();

  constructor(client: BareClient) {
    this.client = client;
    client.onNotification = ({ method, params }) => {
      if (method === "turn/completed") this.#waiting.get(params?.threadId ?? "")?.();
    };
  }

  /** Prepares a bare client of the harness's runtime. */
  static ofHarness(harness: Harness): BareTurns {
    const client = new BareClient({
      command: [codexPath(), "app-server", "--listen", "stdio://"],
      cwd: harness.workspace,
      env: harnessEnv(harness),
    });
    return new BareTurns(client);
  }

  /** Starts a thread and returns its id. */
  async startThread(): Promise<string> {
    // SAFETY: the protocol guarantees the thread's id in the response to thread/start.
    const { thread } = (await this.client.request("thread/start", THREAD_SETTINGS)) as {
      thread: { id: string };
    };
    return thread.id;
  }

  /** Runs a turn to its end. */
  async run(threadId: string): Promise<void> {
    const completed = new Promise<void>((resolve) => this.#waiting.set(threadId, resolve));
    await this.client.request("turn/start", { threadId, input: [{ type: "text", text: "go" }] });
    await completed;
  }
}
