// Reviews many files at once: one runtime, a thread for each file, and at most four turns at a time.
// The files are the arguments, or the first programs of this folder.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Codex, CodexError } from "@openai/codex";
import { z } from "zod";

const AT_ONCE = 4;

const Review = z.object({
  grade: z.enum(["good", "fair", "poor"]),
  remark: z.string().describe("The most important remark, in one sentence."),
});

await using codex = new Codex();

async function review(path: string): Promise<string> {
  const thread = await codex.startThread({
    ephemeral: true,
    sandbox: "read-only",
    approvalMode: "deny_all",
  });
  try {
    const source = await readFile(path, "utf8");
    const result = await thread.run(`Review ${basename(path)}:\n\n${source}`, {
      outputSchema: Review,
      timeoutMs: 300_000,
    });
    if (result.status !== "completed") return `${basename(path)}: ${result.status}`;
    return `${basename(path)}: ${result.output.grade}. ${result.output.remark}`;
  } catch (error) {
    // One review that fails does not end the others.
    if (!(error instanceof CodexError)) throw error;
    return `${basename(path)}: ${error.code}`;
  }
}

async function filesToReview(): Promise<string[]> {
  if (process.argv.length > 2) return process.argv.slice(2);
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const programs = (await readdir(folder))
    .filter((name) => /^\d+_\w+\.[jt]s$/.test(name))
    .toSorted();
  return programs.slice(0, 6).map((name) => join(folder, name));
}

const files = await filesToReview();
const waiting = files.entries();
const lines: string[] = [];
/** Takes one file after the other, until none is left. */
async function work(): Promise<void> {
  for (const [index, path] of waiting) lines[index] = await review(path);
}
await Promise.all(Array.from({ length: AT_ONCE }, work));

for (const line of lines) console.log(line);
console.log(`${files.length} files`);
