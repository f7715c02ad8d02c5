import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";

import { CODEX_VERSION } from "../../src/index.js";
import type { Harness } from "../../src/testing/index.js";

/** Exit status and output of a program. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly stdin?: string;
  /** Text that a person types once the program has printed the prompt; `stdin` is not used then. */
  readonly typed?: { readonly prompt: string; readonly text: string };
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
  { codexHome, workspace }: Pick<Harness, "codexHome" | "workspace">,
  options: ProgramOptions = {},
): Promise<ProgramOutcome> {
  const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const child = spawn(process.execPath, [script, ...(options.args ?? [])], {
    cwd: workspace,
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
  const { typed } = options;
  if (typed === undefined) child.stdin.end(options.stdin ?? "");
  else {
    let shown = "";
    child.stdout.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
      if (shown.includes(typed.prompt) && !child.stdin.writableEnded) child.stdin.end(typed.text);
    });
  }
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    // `exit` comes once, with the status or `null`.
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
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
