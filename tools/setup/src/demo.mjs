// `npm run demo`: from a bare clone to a finished turn on the real runtime.
import process from "node:process";

import { run, setUp } from "./pnpm.mjs";

await setUp("@codex-tools/demo");
await run("Running the quick start", {
  file: process.execPath,
  args: ["tools/demo/dist/main.js", ...process.argv.slice(2)],
});
