import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";

import { CODEX_VERSION } from "../../src/index.js";
import type { Harness } from "../../src/testing/index.js";

/** Exit status and output of a program. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Text that a person types once the program has printed the prompt. */
export interface TypedText {
  readonly prompt: string;
  readonly text: string;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly stdin?: string;
  /** Texts in the order of their prompts; `stdin` is not used then, and ends after the last one. */
  readonly typed?: readonly TypedText[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables that would lead the program's runtime away from the harness, to the developer's own login or profile. */
const FOREIGN = /^(?:(?:OPENAI|CODEX|RUST)_|(?:BASH_ENV|ENV|ZDOTDIR)$)/;

/**
 * Runs a script as a process of its own that finds the harness's `CODEX_HOME` in its environment, as
 * it would find the user's. The harness's own client stays unused.
 */
export async function runProgram(
  script: string,
  harness: Pick<Harness, "codexHome" | "workspace">,
  options: ProgramOptions = {},
): Promise<ProgramOutcome> {
  const command = [process.execPath, script, ...(options.args ?? [])];
  return runCommandLine(command, harness.workspace, harness, options);
}

/** Runs a command as `runProgram` does, in another folder. */
export async function runCommandLine(
  [file = "", ...args]: readonly string[],
  cwd: string,
  { codexHome }: Pick<Harness, "codexHome">,
  options: ProgramOptions = {},
): Promise<ProgramOutcome> {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const child = spawn(file, args, {
    cwd,
    env: {
      ...Object.fromEntries(inherited),
      CODEX_HOME: codexHome,
      // The runtime's commands run in login shells: a profile must not slow or hang them.
      HOME: dirname(codexHome),
      CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "127.0.0.1,localhost",
      ...options.env,
    },
    timeout: 50_000,
    windowsHide: true,
  });
  if (options.typed === undefined) child.stdin.end(options.stdin ?? "");
  else type(options.typed, child.stdout, child.stdin);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    // `exit` comes once, with the status or `null`.
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}

/** Writes each text once its prompt has been shown after the prompt before. */
function type(typed: readonly TypedText[], shown: Readable, keyboard: Writable): void {
  const left = [...typed];
  let unanswered = "";
  shown.on("data", (chunk: Buffer) => {
    unanswered += chunk.toString();
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const position = unanswered.indexOf(next.prompt);
      if (position === -1) return;
      unanswered = unanswered.slice(position + next.prompt.length);
      keyboard.write(next.text);
      left.shift();
    }
    keyboard.end();
  });
}

/** The lines of an output, with what differs from run to run in angle brackets. */
export function stableLines(output: string, { codexHome }: Pick<Harness, "codexHome">): string[] {
  return output
    .trimEnd()
    .replaceAll(codexHome, "<codexHome>")
    .replaceAll(CODEX_VERSION, "<version>")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/\b\d+ ms\b/g, "<ms>")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "<origin>")
    .replaceAll(/(?<=> on )(?:linux|macos|windows)\b/g, "<os>")
    .split(/\r?\n/);
}
