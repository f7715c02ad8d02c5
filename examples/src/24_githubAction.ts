// A step of a GitHub Action that reviews a pull request: findings become annotations and the summary of
// the job, and one of high severity fails it. The workflow is in examples/workflows/review.yml.
import { appendFile, readFile } from "node:fs/promises";

import { Codex } from "@openai/codex";
import { z } from "zod";

const Review = z.object({
  summary: z.string(),
  findings: z.array(
    z.object({
      file: z.string(),
      line: z.number().int().positive(),
      severity: z.enum(["low", "high"]),
      text: z.string(),
    }),
  ),
});

const Event = z.object({
  pull_request: z.object({
    // What becomes part of the prompt is checked: title and body are texts of strangers, and not used.
    base: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }),
    head: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }),
  }),
});

const SAMPLE = new URL("../assets/pullRequest.json", import.meta.url);
const event = await readFile(process.env["GITHUB_EVENT_PATH"] ?? SAMPLE, "utf8");
const { base, head } = Event.parse(JSON.parse(event)).pull_request;

/** Escapes a text for a workflow command, as a line break or colon would end it. */
function escape(text: string): string {
  const codes = { "%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C" };
  return text.replaceAll(/[%\r\n:,]/g, (character) => codes[character as keyof typeof codes]);
}

await using codex = new Codex({
  apiKey: process.env["OPENAI_API_KEY"],
  // The token of the job, and the key itself, do not reach the commands of the model.
  inheritEnv: false,
  tokenBudget: 400_000,
});
const thread = await codex.startThread({
  ephemeral: true,
  sandbox: "read-only",
  approvalMode: "deny_all",
});
const result = await thread.run(
  `Review the changes that \`git diff ${base.sha}...${head.sha}\` prints. Report only bugs.`,
  { outputSchema: Review, timeoutMs: 900_000 },
);
if (result.status !== "completed") throw new Error("The review was interrupted.");

const { summary, findings } = result.output;
for (const { file, line, severity, text } of findings) {
  const command = severity === "high" ? "error" : "warning";
  console.log(`::${command} file=${escape(file)},line=${line}::${escape(text)}`);
}
const page = `## Review\n\n${summary}\n\n${findings.length} findings\n`;
const summaryFile = process.env["GITHUB_STEP_SUMMARY"];
if (summaryFile === undefined) console.log(page);
else await appendFile(summaryFile, page);
if (findings.some(({ severity }) => severity === "high")) process.exitCode = 1;
