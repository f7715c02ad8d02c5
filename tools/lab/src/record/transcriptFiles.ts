import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { formatTranscript, parseTranscript, type Transcript } from "./transcript.js";

const FOLDER = fileURLToPath(
  new URL("../../../../packages/codex/test/transcripts/", import.meta.url),
);

const README = `# Generated: what the pinned runtime says

Do not edit: \`pnpm record\` writes this folder anew. Each file holds what passed between the SDK and the real
runtime in one scenario of \`tools/lab\`, a message a line, in the order of the recording. Folders, ids, times,
versions and what depends on the machine are replaced by fixed values; a \`configWarning\` is left out, as it
tells of what a machine lacks.

The tests of \`tools/lab\` record every scenario again and compare, and check each message against the
runtime's own JSON schema. The fault tests play the transcripts back (\`test/support/transcripts.ts\`).
`;

/** The names of the transcripts that are checked in. */
export async function transcriptNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.flatMap((file) => (file.endsWith(".jsonl") ? [file.slice(0, -6)] : [])).toSorted();
}

/** The transcript that is checked in under this name. */
export async function readTranscript(name: string): Promise<Transcript> {
  return parseTranscript(await readFile(join(FOLDER, `${name}.jsonl`), "utf8"));
}

/** Makes the folder hold exactly these. */
export async function writeTranscripts(
  transcripts: ReadonlyMap<string, Transcript>,
): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, "README.md"), README);
  for (const [name, transcript] of transcripts) {
    await writeFile(join(FOLDER, `${name}.jsonl`), formatTranscript(transcript));
  }
}
