import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Target } from "@openai/codex-cli-bin/targets";

/** Returns the path of the executable in an unpacked platform package, of the present or the previous layout. */
export async function findExecutable(unpacked: string, target: Target): Promise<string> {
  const folder = join(unpacked, "vendor", target.triple);
  const description = join(folder, "codex-package.json");
  if (!existsSync(description)) return join(folder, "codex", target.executable);
  const { entrypoint }: { entrypoint?: unknown } = JSON.parse(await readFile(description, "utf8"));
  if (typeof entrypoint === "string") return join(folder, entrypoint);
  throw new Error(`${description} has no entrypoint.`);
}
