// `pnpm lab record`: records every scenario with the pinned runtime; writes packages/codex/test/transcripts.
import { MessageSchema } from "./messageSchema.js";
import { recordScenario, SCENARIOS } from "./recordScenario.js";
import type { Transcript } from "./transcript.js";
import { writeTranscripts } from "./transcriptFiles.js";

const schema = await MessageSchema.ofPinnedRuntime();
const transcripts = new Map<string, Transcript>();
for (const scenario of SCENARIOS) {
  // One after the other: the browser login has a fixed port.
  // oxlint-disable-next-line no-await-in-loop
  const transcript = await recordScenario(scenario);
  const problems = schema.problemsOf(transcript);
  if (problems.length > 0) throw new Error(`${scenario.name}: ${problems.join("\n")}`);
  transcripts.set(scenario.name, transcript);
  process.stdout.write(`${scenario.name}: ${transcript.length} messages\n`);
}
await writeTranscripts(transcripts);
