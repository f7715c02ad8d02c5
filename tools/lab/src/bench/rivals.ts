import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { npmCommand, run } from "@codex-tools/process";

/** Another SDK, installed when a row needs it. */
export interface Rival {
  readonly name: string;
  readonly version: string;
}

/** SDKs that the bench compares with. */
export const RIVALS = {
  codexSdk: { name: "@openai/codex-sdk", version: "0.163.0" },
  copilotSdk: { name: "@github/copilot-sdk", version: "1.0.14" },
  claudeAgentSdk: { name: "@anthropic-ai/claude-agent-sdk", version: "0.3.332" },
} as const satisfies Readonly<Record<string, Rival>>;

const cache = fileURLToPath(new URL("../../node_modules/.cache/rivals", import.meta.url));

/**
 * Installs an SDK with its dependencies, without its runtime (optional dependencies), unless it is in the
 * cache. Returns the folder that has its `node_modules`.
 */
export async function installRival({ name, version }: Rival): Promise<string> {
  const cached = join(cache, `${name.replace("/", "+")}@${version}`);
  if (existsSync(cached)) return cached;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, ".installing-"));
  try {
    await writeFile(join(folder, "package.json"), '{"private":true}\n');
    const flags = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
    await run(npmCommand(), ["install", `${name}@${version}`, ...flags], { cwd: folder });
    if (!existsSync(cached)) await rename(folder, cached);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return cached;
}

/** Returns the URL by which the installed SDK can be imported, from its `exports` or `main`. */
export async function rivalUrl(rival: Rival): Promise<string> {
  const folder = await installRival(rival);
  const script = `process.stdout.write(import.meta.resolve(${JSON.stringify(rival.name)}))`;
  const args = ["--input-type=module", "-e", script];
  const url = await run([process.execPath], args, { cwd: folder });
  return url === "" ? pathToFileURL(folder).href : url;
}
