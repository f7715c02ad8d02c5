import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { type Frames, ZmtpSocket } from "./zmtpSocket.js";

const DELIMITER = "<IDS|MSG>";
/** Attempts to connect to a kernel that is starting, and the pause between two. */
const CONNECT_ATTEMPTS = 100;
const CONNECT_PAUSE_MS = 100;

/** Status and output of a cell that has ended. */
export interface CellOutcome {
  readonly status: string;
  readonly text: string;
}

interface KernelMessage {
  readonly type: string;
  readonly parentId: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A Jupyter kernel as a child process, which runs the cells of a notebook one after the other. */
export class JupyterKernel implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #key: string;
  readonly #session = randomUUID();
  #shell: ZmtpSocket | undefined;
  #output: ZmtpSocket | undefined;
  #listener: ((message: KernelMessage) => void) | undefined;

  private constructor(child: ChildProcess, key: string) {
    this.#child = child;
    this.#key = key;
  }

  /**
   * Starts a kernel in a folder. `command` is followed by the path of the connection file, which is
   * written to that folder.
   */
  static async start(
    command: readonly string[],
    cwd: string,
    env: NodeJS.ProcessEnv,
  ): Promise<JupyterKernel> {
    const [shell = 0, output = 0, stdin = 0, control = 0, heartbeat = 0] = await freePorts(5);
    const key = randomUUID();
    const file = join(cwd, "connection.json");
    await writeFile(
      file,
      JSON.stringify({
        transport: "tcp",
        ip: "127.0.0.1",
        shell_port: shell,
        iopub_port: output,
        stdin_port: stdin,
        control_port: control,
        hb_port: heartbeat,
        signature_scheme: "hmac-sha256",
        key,
      }),
      { mode: 0o600 },
    );
    const [program = "", ...args] = command;
    const child = spawn(program, [...args, file], {
      cwd,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const kernel = new JupyterKernel(child, key);
    try {
      kernel.#shell = await kernel.#connect(shell, "DEALER");
      kernel.#output = await kernel.#connect(output, "SUB");
      return kernel;
    } catch (error) {
      await kernel[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a cell, and resolves when the kernel has finished it and has sent all of its output. */
  async run(code: string): Promise<CellOutcome> {
    const id = randomUUID();
    let text = "";
    let status: string | undefined;
    let isIdle = false;
    let onExit = (): void => {};
    const ended = new Promise<CellOutcome>((resolve, reject) => {
      onExit = () => reject(new Error("The kernel has ended."));
      this.#child.once("exit", onExit);
      this.#listener = ({ type, parentId, content }) => {
        if (parentId !== id) return;
        if (type === "stream") text += String(content["text"]);
        if (type === "error") text += `${String(content["ename"])}: ${String(content["evalue"])}\n`;
        if (type === "execute_reply") status = String(content["status"]);
        if (type === "status") isIdle = content["execution_state"] === "idle";
        if (status !== undefined && isIdle) resolve({ status, text });
      };
    });
    this.#send(id, "execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
    return ended.finally(() => this.#child.off("exit", onExit));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shell?.close();
    this.#output?.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #connect(port: number, type: "DEALER" | "SUB"): Promise<ZmtpSocket> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        return await ZmtpSocket.open(port, type, (frames) => {
          const message = toMessage(frames);
          if (message !== undefined) this.#listener?.(message);
        });
      } catch (error) {
        if (attempt === CONNECT_ATTEMPTS || this.#child.exitCode !== null) throw error;
        // oxlint-disable-next-line no-await-in-loop
        await setTimeout(CONNECT_PAUSE_MS);
      }
    }
  }

  #send(id: string, type: string, content: object): void {
    const header = {
      msg_id: id,
      session: this.#session,
      username: "user",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    this.#shell?.send([Buffer.from(DELIMITER), Buffer.from(hmac.digest("hex")), ...parts]);
  }
}

function toMessage(frames: Frames): KernelMessage | undefined {
  const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const [header, parent, , content] = frames
    .slice(start + 2)
    .map((frame) => JSON.parse(frame.toString() || "{}"));
  if (start === -1 || header === undefined) return undefined;
  return { type: header.msg_type, parentId: parent?.msg_id, content: content ?? {} };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server, "listening");
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
