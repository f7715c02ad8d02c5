import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { codexPath } from "@openai/codex-cli-bin";

import type { Harness } from "../../src/testing/index.js";
import { type ChildExit, ChildProcess } from "../../src/transport/childProcess.js";

const ANSI_COLOUR = /\u001b\[[0-9;]*m/g; // oxlint-disable-line no-control-regex

const GRACE_MS = 500;

/** The real runtime as a server: a process of its own, which no SDK has started. */
export class ListeningRuntime implements AsyncDisposable {
  readonly url: string;
  readonly exit: Promise<ChildExit>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.exit = child.exit;
    this.url = url;
  }

  /** Starts a runtime that listens on a Unix socket of this path. */
  static async startOnSocket(harness: Harness, path: string): Promise<ListeningRuntime> {
    const child = await spawnRuntime(harness, ["--listen", `unix://${path}`]);
    const runtime = new ListeningRuntime(child, path);
    // It reports nothing once it listens.
    while (!existsSync(path)) {
      // oxlint-disable-next-line no-await-in-loop -- the socket appears some time
      await Promise.race([setTimeout(10), failWithExit(child)]);
    }
    return runtime;
  }

  /** Starts it on the harness's model and folders; `token` makes it one that asks for that token. */
  static async start(harness: Harness, token?: string): Promise<ListeningRuntime> {
    const folder = await mkdtemp(join(tmpdir(), "codex-ws-token-"));
    try {
      const tokenFile = join(folder, "token");
      await writeFile(tokenFile, token ?? "", { mode: 0o600 });
      const child = await spawnRuntime(harness, [
        "--listen",
        "ws://127.0.0.1:0",
        ...(token === undefined
          ? []
          : ["--ws-auth", "capability-token", "--ws-token-file", tokenFile]),
      ]);
      return new ListeningRuntime(child, await readUrl(child));
    } finally {
      // The token was read before the address was told.
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exit;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.end(GRACE_MS);
  }
}

function spawnRuntime(harness: Harness, args: readonly string[]): Promise<ChildProcess> {
  return ChildProcess.spawn({
    file: codexPath(),
    args: ["app-server", ...args],
    cwd: harness.workspace,
    env: {
      ...process.env,
      CODEX_HOME: harness.codexHome,
      HOME: dirname(harness.codexHome),
      CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
      OPENAI_API_KEY: undefined,
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
    },
  });
}

async function failWithExit(child: ChildProcess): Promise<never> {
  const exit = await child.exit;
  throw new Error(`The runtime does not listen: ${JSON.stringify(exit)}`);
}

/** Reads the port, which the system chooses, from stderr. */
function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      text += chunk;
      const url = /listening on: (ws:\S+)/.exec(text.replaceAll(ANSI_COLOUR, ""))?.[1];
      if (url !== undefined) resolve(url);
    });
    void child.exit.then(() => reject(new Error(`The runtime does not listen:\n${text}`)));
  });
}
