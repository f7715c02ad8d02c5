// `pnpm lab <command>`: measurements and long runs, each of which is a program of its own.
import { fileURLToPath } from "node:url";

import { collect } from "@codex-tools/process";

import { commandHelp, COMMANDS, commandsPage } from "./commands.js";

const [name = "", ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  const isAsked = name === "" || name === "--help";
  process[isAsked ? "stdout" : "stderr"].write(`${commandsPage()}\n`);
  process.exitCode = isAsked ? 0 : 1;
} else if (args.includes("--help")) {
  process.stdout.write(`${commandHelp(name)}\n`);
} else {
  process.stdout.write(`${name}: ${command.summary}\nTakes ${command.duration}.\n\n`);
  const script = fileURLToPath(new URL(`./${name}/main.js`, import.meta.url));
  const flags = [...(command.nodeFlags ?? []), script, ...args];
  const { status } = await collect([process.execPath], flags, { inherit: true });
  process.exitCode = typeof status === "number" ? status : 1;
}
