// `pnpm lab mutation`: runs Stryker with mutation.config.mjs. Arguments go to Stryker.
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { collect } from "@codex-tools/process";

// Stryker takes the working directory as the project's root.
const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
const manifest = createRequire(import.meta.url).resolve("@stryker-mutator/core/package.json");
const stryker = join(manifest, "..", "bin", "stryker.js");
const args = [stryker, "run", "tools/lab/mutation.config.mjs", ...process.argv.slice(2)];
const { status } = await collect([process.execPath], args, { cwd, inherit: true });
process.exitCode = typeof status === "number" ? status : 1;
