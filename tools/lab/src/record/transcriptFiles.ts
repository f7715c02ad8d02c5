import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

import { comparable } from "./compare.js";
import { formatTranscript, parseTranscript, type Transcript } from "./transcript.js";

const FOLDER = fileURLToPath(
  new URL("../../../../packages/codex/test/transcripts/", import.meta.url),
);

const README = `# Generated: messages of the pinned runtime

Do not edit: \`pnpm lab record\` replaces this folder. Each file has the messages between the SDK and the real
runtime in one scenario of \`tools/lab\`, one line for each message, in the order of the recording. Folders, ids,
times, versions and other values of the machine are replaced by fixed ones. \`configWarning\` is left out,
because it reports what a machine lacks.

The tests of \`tools/lab\` record every scenario again and compare, and check each message against the
runtime's own JSON schema. The fault tests play the transcripts back (\`test/support/transcripts.ts\`).
`;

/** Lists the names of the transcripts that are checked in. */
export async function transcriptNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.flatMap((file) => (file.endsWith(".jsonl") ? [file.slice(0, -6)] : [])).toSorted();
}

/** Reads a transcript that is checked in. */
export async function readTranscript(name: string): Promise<Transcript> {
  return parseTranscript(await readFile(join(FOLDER, `${name}.jsonl`), "utf8"));
}

/**
 * Replaces the content of `folder` by these transcripts. A file whose recording differs only in the order
 * of the groups is kept, so that a changed file means a change of the runtime's messages.
 */
export async function writeTranscripts(
  transcripts: ReadonlyMap<string, Transcript>,
  folder: string = FOLDER,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const wanted = new Map([["README.md", README]]);
  for (const [name, transcript] of transcripts) {
    const file = `${name}.jsonl`;
    const present = await readFile(join(folder, file), "utf8").catch(() => null);
    const isSame =
      present !== null &&
      isDeepStrictEqual(comparable(parseTranscript(present)), comparable(transcript));
    wanted.set(file, isSame ? present : formatTranscript(transcript));
  }
  for (const file of await readdir(folder)) {
    if (!wanted.has(file)) await rm(join(folder, file), { recursive: true });
  }
  for (const [file, text] of wanted) await writeFile(join(folder, file), text);
}
