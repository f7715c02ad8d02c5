import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import type { Thread } from "../../src/index.js";
import { type ScriptedModel, shellCall } from "../../src/testing/index.js";

/** A folder that is neither a workspace of the tests nor a temporary one for the sandbox. */
export async function makeOutsideFolder() {
  const folder = await mkdtemp(join(homedir(), ".codex-sdk-outside-"));
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Has the model write a file, and returns whether the file exists afterwards. */
export async function canWrite(
  model: ScriptedModel,
  thread: Thread,
  file: string,
): Promise<boolean> {
  model.enqueue(shellCall(`echo x > ${file}`));
  model.reply("Done.");
  await thread.run("Write.");
  const isWritten = existsSync(file);
  await rm(file, { force: true });
  return isWritten;
}
