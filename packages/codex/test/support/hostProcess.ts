import { spawn } from "node:child_process";
import { once } from "node:events";

/** Exit status and output of a host program. */
export interface HostEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** A program that uses the SDK, as a process of its own. Its lines of stdout are JSON values. */
export class HostProcess {
  readonly #child;
  readonly #lines: unknown[] = [];
  #stderr = "";
  #rest = "";
  readonly #end: Promise<HostEnd>;
  #onLine: () => void = () => {};

  constructor(program: string) {
    const args = ["--input-type=module", "-e", program];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#end = once(this.#child, "close").then(([exitCode, signal]) => {
      this.#onLine();
      return { exitCode, signal, stderr: this.#stderr };
    });
  }

  /** All of its output, once it has ended. */
  async finished(): Promise<HostEnd & { readonly lines: unknown[] }> {
    return { ...(await this.#end), lines: this.#lines };
  }

  /** Its next line; throws what it wrote to stderr when it ends without one. */
  async nextLine(): Promise<unknown> {
    if (this.#lines.length === 0 && this.#child.exitCode === null) {
      await new Promise<void>((resolve) => (this.#onLine = resolve));
    }
    if (this.#lines.length === 0) throw new Error(`the host ended: ${this.#stderr}`);
    return this.#lines.shift();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines.map((line) => JSON.parse(line)));
    if (lines.length > 0) this.#onLine();
  }
}
