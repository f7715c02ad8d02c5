import { fileURLToPath } from "node:url";

import { fetchRuntime } from "./fetchRuntime.js";
import { runScript, type ScriptEnd } from "./runScript.js";
import type { JsRuntime } from "./runtimes.js";

const folder = fileURLToPath(new URL("../smoke", import.meta.url));
const TIMEOUT_MS = 60_000;

/** The two ways to load the SDK. */
export const SMOKE_SCRIPTS = ["esm.mjs", "require.cjs"] as const;
export type SmokeScript = (typeof SMOKE_SCRIPTS)[number];

/** What each script prints and how it ends where all is well: nothing at all on stderr. */
export const GOOD_END: ScriptEnd = {
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

/** Runs a smoke script on a runtime, which is fetched. */
export async function runSmoke(runtime: JsRuntime, script: SmokeScript): Promise<ScriptEnd> {
  const executable = await fetchRuntime(runtime);
  return runScript(executable, [...runtime.args, script], { cwd: folder, timeoutMs: TIMEOUT_MS });
}
