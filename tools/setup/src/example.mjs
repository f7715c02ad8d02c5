// `npm run example`: lists the examples, or runs one against a scripted model.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { ROOT, run } from "./command.mjs";
import { build, install } from "./setUp.mjs";

const PACKAGE = "@codex-tools/setup";
const USAGE = `npm run example                  this list
npm run example -- 07            runs an example against a scripted model: no key, no network
npm run example -- 07 --live     runs it in this folder, with your own Codex login
`;
const FOLDER = join(ROOT, "examples", "src");
/** Examples whose point is the user's login. */
const LIVE_ONLY = new Set(["15_loginAndAccount"]);

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3))
  .toSorted();
const [asked, mode, ...rest] = process.argv.slice(2);

if (asked === undefined || asked === "--help" || asked === "-h") list();
else await start();

function list() {
  const lines = names.map((name) => {
    const [first = ""] = readFileSync(join(FOLDER, `${name}.ts`), "utf8").split("\n");
    return `  ${name.padEnd(22)}${first.replace(/^\/\/ /, "")}\n`;
  });
  process.stdout.write(`${USAGE}\n${lines.join("")}`);
}

async function start() {
  const found = names.filter((name) => name.startsWith(asked));
  const isKnownMode = mode === undefined || mode === "--live";
  if (found.length !== 1 || !isKnownMode || rest.length > 0) {
    process.stderr.write(`${USAGE}\nThere is not one example "${asked}"; see the list.\n`);
    process.exitCode = 1;
    return;
  }
  const [name] = found;
  if (LIVE_ONLY.has(name) && mode !== "--live") {
    process.stderr.write(`${name} needs a login: npm run example -- ${asked} --live\n`);
    process.exitCode = 1;
    return;
  }
  const quiet = { quiet: true };
  const args = ["tools/setup/dist/examples/main.js", name, ...(mode === undefined ? [] : [mode])];
  const isDone =
    (await install(PACKAGE, quiet)) &&
    (await build(PACKAGE, quiet)) &&
    (await run(`Running ${name}`, { file: process.execPath, args }));
  if (!isDone) process.exitCode = 1;
}
