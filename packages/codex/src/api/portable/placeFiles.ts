import { dirname, join } from "node:path";

import { ThreadConflictError, ThreadNotPortableError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { errnoOf } from "../../internal/paths.js";
import { threadIdOfPath } from "./checkBundle.js";
import type { ThreadBundle } from "./threadBundle.js";

/** Files that an import has put into a home. */
export interface PlacedFiles {
  /** True if the home had the thread itself already, as the bundle has it. */
  readonly hadThread: boolean;
  /** Ids of the threads whose rollouts were put there, the thread's own last. */
  readonly newThreads: readonly string[];
  /** Removes what was put there. */
  remove(): Promise<void>;
}

/**
 * Puts the rollouts of a checked bundle into a home, each under its name only once it is whole, the thread's
 * own last. A home that has one already keeps its own: it must be the same, or for a rollout that others
 * build on, begin with the same. Leaves nothing behind when it fails.
 *
 * @throws ThreadConflictError
 */
export async function placeFiles(
  home: string,
  { manifest, contents }: ThreadBundle,
): Promise<PlacedFiles> {
  const { threadId, files } = manifest;
  const written: string[] = [];
  const folders: string[] = [];
  const remove = async () => {
    await Promise.all(written.map((path) => fs.promises.rm(path, { force: true })));
    // Only folders that this import has made, and that are empty again, the deepest first.
    for (const folder of folders.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop
      await fs.promises.rmdir(folder).catch(() => {});
    }
  };
  const newThreads: string[] = [];
  let hadThread = false;
  try {
    // One after the other: the last one makes the thread visible.
    for (const file of files) {
      const content = contents[file.path] ?? "";
      const path = join(home, file.path);
      // oxlint-disable-next-line no-await-in-loop
      const existing = await existingRollout(home, path, file.threadId);
      if (existing === undefined) {
        // oxlint-disable-next-line no-await-in-loop
        await writeNew(home, path, content, folders, written);
        newThreads.push(file.threadId);
      } else if (existing === content) hadThread ||= file.threadId === threadId;
      else if (file.threadId === threadId || !existing.startsWith(content)) {
        throw new ThreadConflictError(threadId, file.path);
      }
    }
    return { hadThread, newThreads, remove };
  } catch (error) {
    await remove();
    if (error instanceof ThreadConflictError) throw error;
    const reason = `the home ${home} cannot be written on this machine (${errnoOf(error)}).`;
    throw new ThreadNotPortableError(threadId, reason, { cause: error });
  }
}

/** Content of the home's rollout of a thread, also of an archived one; `undefined` without one. */
async function existingRollout(
  home: string,
  path: string,
  threadId: string,
): Promise<string | undefined> {
  const archived = join(home, "archived_sessions");
  const inArchive = (await namesIn(archived)).find((name) => name.includes(threadId));
  const inFolder = (await namesIn(dirname(path))).find(
    (name) => threadIdOfPath(`sessions/0000/00/00/${name}`) === threadId,
  );
  if (inArchive !== undefined) return fs.promises.readFile(join(archived, inArchive), "utf8");
  return inFolder === undefined
    ? undefined
    : fs.promises.readFile(join(dirname(path), inFolder), "utf8");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return fs.promises.readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  });
}

async function writeNew(
  home: string,
  path: string,
  content: string,
  folders: string[],
  written: string[],
): Promise<void> {
  const missing: string[] = [];
  for (let folder = dirname(path); folder.length > home.length; folder = dirname(folder)) {
    if (!fs.existsSync(folder)) missing.unshift(folder);
  }
  for (const folder of missing) {
    fs.mkdirSync(folder, { mode: 0o700 });
    folders.push(folder);
  }
  const partial = `${path}.${process.getBuiltinModule("node:crypto").randomUUID()}.partial`;
  try {
    const file = await fs.promises.open(partial, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.promises.rename(partial, path);
    written.push(path);
  } finally {
    await fs.promises.rm(partial, { force: true });
  }
}
