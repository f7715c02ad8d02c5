// `npm run demo`: from a bare clone to finished turns on the real runtime.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { ROOT, run } from "./command.mjs";
import { build, install } from "./setUp.mjs";

const PACKAGE = "@codex-tools/setup";
const USAGE = `npm run demo                       turns of the real runtime with a scripted model: no key, no network
npm run demo -- --live "prompt"    a turn with your own Codex login, or with OPENAI_API_KEY
npm run demo -- --help             this text
`;

const args = process.argv.slice(2);
const [mode, ...prompt] = args;
const isLive = mode === "--live" && prompt.length > 0;
if (mode === "--help" || mode === "-h") process.stdout.write(USAGE);
else if (mode !== undefined && !isLive) {
  process.stderr.write(USAGE);
  process.exitCode = 1;
} else await demo();

async function demo() {
  if (!existsSync(join(ROOT, "node_modules"))) {
    process.stdout.write(
      "The first run downloads about 170 MB, most of it the Codex runtime, into the stores of pnpm and npm in your home folder, and installs into node_modules of this folder.\n",
    );
  }
  const quiet = { quiet: true };
  const isReady =
    (await install(PACKAGE, quiet)) &&
    (await build(PACKAGE, quiet)) &&
    (await run("Running the demo", {
      file: process.execPath,
      args: ["tools/setup/dist/demo/main.js", ...args],
    }));
  if (!isReady) process.exitCode = 1;
}
