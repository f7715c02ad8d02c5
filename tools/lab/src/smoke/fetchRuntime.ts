import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { fetchPackage } from "@codex-tools/npm";

import type { JsRuntime } from "./runtimes.js";

/** Cache of the runtimes, which are smaller than Codex runtimes and never change. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/codex-nodes", import.meta.url));

/** Returns the path of the runtime's executable, which is downloaded unless it is in the cache. */
export async function fetchRuntime({ spec, executable }: JsRuntime): Promise<string> {
  const cached = join(cache, spec.replaceAll("/", "+"));
  if (!existsSync(cached)) {
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(join(cache, ".fetching-"));
    try {
      const unpacked = await fetchPackage(spec, folder);
      // Another process may have downloaded the same runtime.
      if (!existsSync(cached)) await rename(unpacked, cached);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }
  return join(cached, executable);
}
