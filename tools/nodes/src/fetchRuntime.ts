import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { fetchPackage } from "@codex-tools/npm-fetch";

import type { JsRuntime } from "./runtimes.js";

/** Kept between the runs, unlike the Codex runtimes of `pnpm skew`: these are smaller, and do not change. */
const cache = fileURLToPath(new URL("../node_modules/.cache/codex-nodes", import.meta.url));

/** The path of the runtime's executable, fetched if it is not in the cache. */
export async function fetchRuntime({ spec, executable }: JsRuntime): Promise<string> {
  const place = join(cache, spec.replaceAll("/", "+"));
  if (!existsSync(place)) {
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(join(cache, ".fetching-"));
    try {
      const unpacked = await fetchPackage(spec, folder);
      // Another process may have been as quick.
      if (!existsSync(place)) await rename(unpacked, place);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return join(place, executable);
}

/** The folder that holds the executable, to be put first on a PATH. */
export function folderOf(executable: string): string {
  return dirname(executable);
}
