import { existsSync } from "node:fs";
import { link, mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { isOwnerGone, ownerText } from "../processOwner.js";
import { ReleaseError } from "../releaseError.js";
import { BUMP_FOLDER } from "./bumpJournal.js";

/**
 * Runs `work` while no other bump runs in the checkout: a second one would take the journal of the first
 * for that of a killed bump, and undo it.
 *
 * @throws ReleaseError `BUMP_FAILED` if another bump runs.
 */
export async function whileNoOtherBump<T>(root: string, work: () => Promise<T>): Promise<T> {
  const folder = join(root, BUMP_FOLDER);
  const file = join(folder, "owner.json");
  await mkdir(folder, { recursive: true });
  await claim(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
    // The folder stays if it has a journal.
    await rmdir(folder).catch(() => {});
  }
}

/** A hard link appears with its content, or not at all. */
async function claim(file: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, ownerText());
  try {
    if (existsSync(file) && isOwnerGone(file)) {
      // Of several processes that find it, one can rename it.
      await rename(file, `${draft}.gone`).catch(() => {});
      await rm(`${draft}.gone`, { force: true });
    }
    await link(draft, file);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new ReleaseError(
      "BUMP_FAILED",
      `Another bump runs in this checkout (${file} names its process). Wait for its end; if it runs on another machine that has died, delete the file.`,
      { cause },
    );
  } finally {
    await rm(draft, { force: true });
  }
}
