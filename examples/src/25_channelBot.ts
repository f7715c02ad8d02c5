// A chat bot with one thread for each channel: messages of a channel are answered in their order, those
// of different channels at the same time, and a bot that is started again continues the conversations.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Codex, type Thread } from "@openai/codex";

class Bot implements AsyncDisposable {
  readonly #codex = new Codex();
  readonly #file: string;
  readonly #ids: Map<string, string>;
  readonly #threads = new Map<string, Promise<Thread>>();
  #saved: Promise<void> = Promise.resolve();

  private constructor(file: string, ids: Map<string, string>) {
    this.#file = file;
    this.#ids = ids;
  }

  /** Opens a bot that keeps the ids of its threads in a file. */
  static async open(file: string): Promise<Bot> {
    const stored = await readFile(file, "utf8").catch(() => "[]");
    return new Bot(file, new Map(JSON.parse(stored)));
  }

  async answer(channel: string, message: string): Promise<string> {
    const thread = await this.#threadOf(channel);
    // A message that arrives during a turn waits for its end.
    const { finalResponse } = await thread.run(message, { whenBusy: "queue" });
    // A thread is stored with its first turn: only then can a later bot resume it.
    if (!this.#ids.has(channel)) await this.#keep(channel, thread.id);
    return `#${channel}: ${finalResponse}`;
  }

  #threadOf(channel: string): Promise<Thread> {
    let thread = this.#threads.get(channel);
    if (thread === undefined) {
      const id = this.#ids.get(channel);
      const options = { sandbox: "read-only", approvalMode: "deny_all" } as const;
      thread =
        id === undefined ? this.#codex.startThread(options) : this.#codex.resumeThread(id, options);
      this.#threads.set(channel, thread);
      thread.catch(() => this.#threads.delete(channel));
    }
    return thread;
  }

  /** Writes the file after the write before it: two at once would mix their texts. */
  #keep(channel: string, id: string): Promise<void> {
    this.#ids.set(channel, id);
    const write = () => writeFile(this.#file, JSON.stringify([...this.#ids]));
    this.#saved = this.#saved.then(write, write);
    return this.#saved;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#codex.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), "codex-bot-"));
const file = join(folder, "channels.json");
try {
  {
    await using bot = await Bot.open(file);
    const answers = await Promise.all([
      bot.answer("general", "My name is Ada."),
      bot.answer("general", "I live in Oslo."),
      bot.answer("dev", "My name is Ben."),
    ]);
    for (const answer of answers) console.log(answer);
  }
  await using restarted = await Bot.open(file);
  console.log(await restarted.answer("general", "Who am I, and where do I live?"));
} finally {
  await rm(folder, { recursive: true, force: true });
}
