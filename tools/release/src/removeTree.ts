import { rm } from "node:fs/promises";

/**
 * Removes a file or folder if it is there. Repeats the attempt: Windows refuses to remove what a process
 * that has just ended, or a virus scanner, still holds open.
 */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
