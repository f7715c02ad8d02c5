// Started by `npm run example`, which checks the arguments.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { startHarness } from "@openai/codex/testing";

import { EXAMPLE_SCRIPTS } from "./scripts.js";

const [name = "", mode] = process.argv.slice(2);
const file = fileURLToPath(new URL(`../../../../examples/dist/${name}.js`, import.meta.url));
process.exitCode = mode === "--live" ? await runLive() : await runScripted();

/** Runs the example in the current folder, with the login of the user. */
function runLive(): Promise<number> {
  return run(process.cwd(), process.env);
}

/** Runs the example in an empty folder, against a scripted model. */
async function runScripted(): Promise<number> {
  await using harness = await startHarness();
  EXAMPLE_SCRIPTS[name]?.(harness.model);
  const { OPENAI_API_KEY: _key, ...inherited } = process.env;
  return await run(harness.workspace, {
    ...inherited,
    CODEX_HOME: harness.codexHome,
    // Commands run in login shells, which must not read the profile of the user.
    HOME: dirname(harness.codexHome),
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
  });
}

async function run(cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [file], { cwd, env, stdio: "inherit", windowsHide: true });
  const [code]: unknown[] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}
