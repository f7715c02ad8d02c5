import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { repoRoot } from "./folders.js";
import { writePage } from "./pages.js";

/** Examples that do not run by themselves: they need the login of a person, or a conversation. */
const WITHOUT_OUTPUT = new Set(["15_loginAndAccount", "22_terminalAgent"]);

/** Time limit of one example, in milliseconds. It includes the start of a runtime. */
const TIMEOUT_MS = 60_000;

/** Writes a page for each example, with its source and its output against a scripted model. */
export async function writeExamples(): Promise<void> {
  const files = await readdir(join(repoRoot, "examples/src"));
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
  for (const name of names.toSorted()) {
    // One after the other: each starts a runtime.
    // oxlint-disable-next-line no-await-in-loop
    await writeExample(name);
  }
}

async function writeExample(name: string): Promise<void> {
  const source = await readFile(join(repoRoot, "examples/src", `${name}.ts`), "utf8");
  const output = WITHOUT_OUTPUT.has(name)
    ? ""
    : `Output, with a scripted model:\n\n\`\`\`text\n${await outputOf(name)}\`\`\`\n\n`;
  const [number] = name.split("_");
  await writePage(
    `examples/${name}.md`,
    `# ${name}\n\n\`\`\`ts\n${source}\`\`\`\n\n${output}Run it: \`npm run example -- ${number}\`. [All examples](./index.md)\n`,
  );
}

async function outputOf(name: string): Promise<string> {
  const runner = join(repoRoot, "tools/setup/dist/examples/main.js");
  const ran = promisify(execFile)(process.execPath, [runner, name], { timeout: TIMEOUT_MS });
  // A chat ends with its input.
  ran.child.stdin?.end("Hello.\n/exit\n");
  const { stdout } = await ran;
  return withoutFolders(stdout.endsWith("\n") ? stdout : `${stdout}\n`);
}

/** Replaces the temporary folder of a run, which is another one each time. */
function withoutFolders(text: string): string {
  return text.replaceAll(/\S*codex-harness-\w+/g, "/temporary");
}
