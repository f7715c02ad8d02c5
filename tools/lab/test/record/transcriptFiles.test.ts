import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { formatTranscript, type Transcript } from "../../src/record/transcript.js";
import { writeTranscripts } from "../../src/record/transcriptFiles.js";

const request: Transcript = [{ from: "client", message: { id: 1, method: "initialize" } }];
const notifications: Transcript = [
  { from: "runtime", message: { method: "account/updated", params: {} } },
  { from: "runtime", message: { method: "turn/started", params: { turnId: "1" } } },
];

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-transcripts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it("a transcript whose messages differ only in the order between the groups stays as it is", async () => {
  const present = formatTranscript([...request, ...notifications]);
  const folder = await folderWith({ "turn.jsonl": present });
  await writeTranscripts(new Map([["turn", [...request, ...notifications.toReversed()]]]), folder);
  expect(await readFile(join(folder, "turn.jsonl"), "utf8")).toBe(present);
});

it("a transcript with another message is written, and one without a scenario is removed", async () => {
  const folder = await folderWith({
    "turn.jsonl": formatTranscript(request),
    "gone.jsonl": formatTranscript(request),
  });
  await writeTranscripts(new Map([["turn", [...request, ...notifications]]]), folder);
  expect((await readdir(folder)).toSorted()).toEqual(["README.md", "turn.jsonl"]);
  expect(await readFile(join(folder, "turn.jsonl"), "utf8")).toBe(
    formatTranscript([...request, ...notifications]),
  );
});
