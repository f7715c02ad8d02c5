import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

import { comparable } from "./compare.js";
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

/**
 * Makes `folder` hold exactly these. A file whose recording is the same but for the order between the
 * lanes stays as it is, so that a change of the folder is a change of what the runtime sends.
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
