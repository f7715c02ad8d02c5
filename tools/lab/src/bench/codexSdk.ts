import { codexPath } from "@openai/codex-cli-bin";
import type { Harness } from "@openai/codex/testing";

import { harnessEnv } from "./bareTurns.js";
import { RIVALS, rivalUrl } from "./rivals.js";

/** Members of `@openai/codex-sdk` that the bench uses. */
interface CodexSdk {
  readonly Codex: new (options: {
    readonly codexPathOverride: string;
    readonly env: Record<string, string>;
  }) => { startThread(options: object): CodexSdkThread };
}

/** Thread of `@openai/codex-sdk`. */
export interface CodexSdkThread {
  run(input: string): Promise<{ readonly finalResponse: string }>;
}

/** Returns a function that starts threads of `@openai/codex-sdk` on the harness's runtime and model. */
export async function codexSdkThreads(harness: Harness): Promise<() => CodexSdkThread> {
  const { Codex }: CodexSdk = await import(await rivalUrl(RIVALS.codexSdk));
  const defined = Object.entries(harnessEnv(harness)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const env = Object.fromEntries(defined);
  const codex = new Codex({ codexPathOverride: codexPath(), env });
  const options = { skipGitRepoCheck: true, workingDirectory: harness.workspace };
  return () => codex.startThread(options);
}
