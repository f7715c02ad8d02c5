import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";

import { isRecord } from "./json.js";

/** Age in milliseconds from which a file that names no process counts as left behind: it is written at once. */
const UNWRITTEN_AFTER_MS = 60_000;

/** Returns the text of a file that names this process as the owner of something on the disk. */
export function ownerText(): string {
  return JSON.stringify({ pid: process.pid, host: hostname() });
}

/** Returns whether the process that a file of {@link ownerText} names has ended. */
export function isOwnerGone(file: string): boolean {
  let owner: unknown;
  try {
    owner = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Killed while the file was written, or it is being written right now.
    return isOlderThan(file, UNWRITTEN_AFTER_MS);
  }
  if (!isRecord(owner) || typeof owner["pid"] !== "number" || owner["host"] !== hostname()) {
    return false;
  }
  return !isAlive(owner["pid"]);
}

/** Returns whether a file or folder was last changed longer ago than `ageMs` milliseconds. */
export function isOlderThan(path: string, ageMs: number): boolean {
  return Date.now() - statSync(path).mtimeMs > ageMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user cannot be signalled, but is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
