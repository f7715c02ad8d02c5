import { fileURLToPath } from "node:url";

import { collect, type CommandResult } from "@codex-tools/process";

import { fetchRuntime } from "./fetchRuntime.js";
import type { JsRuntime } from "./runtimes.js";

const folder = fileURLToPath(new URL("../../smoke", import.meta.url));
const TIMEOUT_MS = 60_000;

/** Scripts that load the SDK by import and by require. */
export const SMOKE_SCRIPTS = ["esm.mjs", "require.cjs"] as const;
export type SmokeScript = (typeof SMOKE_SCRIPTS)[number];

/** Expected result of each script. */
export const GOOD_END: CommandResult = {
  status: 0,
  stdout: `${JSON.stringify({
    isCodex: true,
    isPinned: true,
    asked: ["command"],
    commands: ["hi\n"],
    text: true,
    last: "turn/completed",
    status: "interrupted",
  })}\n`,
  stderr: "",
};

/** Runs a smoke script on a runtime, which is downloaded unless it is in the cache. */
export async function runSmoke(runtime: JsRuntime, script: SmokeScript): Promise<CommandResult> {
  const executable = await fetchRuntime(runtime);
  return collect([executable, ...runtime.args], [script], { cwd: folder, timeoutMs: TIMEOUT_MS });
}
