import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Codex, type CodexOptions } from "@openai/codex";

import { print, showTurn } from "./show.js";

/** Runs a turn with the user's login, or with `OPENAI_API_KEY` in a temporary CODEX_HOME. */
export async function runLive(prompt: string): Promise<void> {
  const apiKey = process.env["OPENAI_API_KEY"];
  if (await isLoggedIn()) return runPrompt(prompt);
  if (apiKey === undefined || apiKey === "") {
    process.stderr.write("You are not logged in. Run `codex login`, or set OPENAI_API_KEY.\n");
    process.exitCode = 1;
    return;
  }
  const codexHome = await mkdtemp(join(tmpdir(), "codex-demo-"));
  try {
    await runPrompt(prompt, { env: { CODEX_HOME: codexHome } }, apiKey);
  } finally {
    await rm(codexHome, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function isLoggedIn(): Promise<boolean> {
  await using codex = new Codex();
  const { account, requiresOpenaiAuth } = await codex.account();
  return account !== null || !requiresOpenaiAuth;
}

async function runPrompt(prompt: string, options: CodexOptions = {}, apiKey?: string) {
  await using codex = new Codex(options);
  if (apiKey !== undefined) await codex.loginApiKey(apiKey);
  const thread = await codex.startThread();
  print(`Runtime ${codex.metadata.serverInfo.version}, thread ${thread.id}\n\nYou: ${prompt}`);
  await showTurn(await thread.turn(prompt));
}
