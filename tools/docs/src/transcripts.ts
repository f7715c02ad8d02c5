import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { repoRoot } from "./folders.js";

const FOLDER = join(repoRoot, "packages/codex/test/transcripts");

/** Longest example, in characters. Longer ones hide the fields that matter. */
const MAX_CHARS = 2_500;

/** Examples of the recorded transcripts. */
export interface Examples {
  /** Parameters of a notification, by its method. */
  readonly notifications: ReadonlyMap<string, unknown>;
  /** Items by their type: completed ones where there are any. */
  readonly items: ReadonlyMap<string, unknown>;
}

/** Reads the first example of each notification and item from the recorded transcripts. */
export async function readExamples(): Promise<Examples> {
  const notifications = new Map<string, unknown>();
  const items = new Map<string, unknown>();
  const started = new Map<string, unknown>();
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".jsonl")).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), "utf8")));
  for (const line of texts.flatMap((text) => text.split("\n")).filter(Boolean)) {
    const { from, message }: TranscriptLine = JSON.parse(line);
    if (from !== "runtime" || message.method === undefined || message.id !== undefined) continue;
    if (!notifications.has(message.method)) notifications.set(message.method, message.params);
    const item = message.params?.item;
    if (item === undefined) continue;
    const target = message.method === "item/completed" ? items : started;
    if (!target.has(item.type)) target.set(item.type, item);
  }
  return { notifications, items: new Map([...started, ...items]) };
}

interface TranscriptLine {
  readonly from: "client" | "runtime";
  readonly message: {
    readonly id?: unknown;
    readonly method?: string;
    readonly params?: { readonly item?: { readonly type: string } };
  };
}

/** Renders an example as a code block; nothing where it would be longer than a reader looks at. */
export function renderExample(example: unknown): string {
  if (example === undefined) return "";
  const text = JSON.stringify(example, null, 2);
  return text.length > MAX_CHARS ? "" : `\n\`\`\`json\n${text}\n\`\`\`\n`;
}
