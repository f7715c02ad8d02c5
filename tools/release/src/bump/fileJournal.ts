import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Runs `change`; if it fails, the named files and folders of `root` are put back as they were.
 * `change` gets a folder with the copies, which hold the state from before.
 */
export async function allOrNothing<T>(
  root: string,
  paths: readonly string[],
  change: (before: string) => Promise<T>,
): Promise<T> {
  const before = await mkdtemp(join(tmpdir(), "codex-release-before-"));
  try {
    for (const path of paths) await copyIfThere(join(root, path), join(before, path));
    try {
      return await change(before);
    } catch (error) {
      for (const path of paths) {
        await rm(join(root, path), { recursive: true, force: true });
        await copyIfThere(join(before, path), join(root, path));
      }
      throw error;
    }
  } finally {
    await rm(before, { recursive: true, force: true });
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}
