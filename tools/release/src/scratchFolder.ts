import { existsSync } from "node:fs";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { isOlderThan, isOwnerGone, ownerText } from "./processOwner.js";
import { removeTree } from "./removeTree.js";

/** File in each scratch folder that names the process which works in it. */
const OWNER_FILE = ".codex-release-scratch.json";
/** Age in milliseconds from which a folder without an owner file counts as left behind: it is written at once. */
const OWNERLESS_AFTER_MS = 60_000;

/**
 * Runs `work` in a new folder below `parent` and removes the folder in any case. First removes folders of
 * the same prefix whose process has been killed, so that nothing of hundreds of megabytes stays behind.
 */
export async function inScratchFolder<T>(
  parent: string,
  prefix: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await sweep(parent, prefix);
  const folder = await mkdtemp(join(parent, prefix));
  try {
    await writeFile(join(folder, OWNER_FILE), ownerText());
    return await work(folder);
  } finally {
    await removeTree(folder);
  }
}

async function sweep(parent: string, prefix: string): Promise<void> {
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    const isCandidate = entry.isDirectory() && entry.name.startsWith(prefix);
    if (!isCandidate || !/^\w{6}$/.test(entry.name.slice(prefix.length))) continue;
    const folder = join(parent, entry.name);
    // Another process may remove the folder at the same time, and a folder of another user is not ours to remove.
    if (await isAbandoned(folder).catch(() => false)) await removeTree(folder).catch(() => {});
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const file = join(folder, OWNER_FILE);
  if (existsSync(file)) return isOwnerGone(file);
  const isEmpty = (await readdir(folder)).length === 0;
  return isEmpty && isOlderThan(folder, OWNERLESS_AFTER_MS);
}
