import { readdirSync, readFileSync } from "node:fs";

/**
 * Returns the memory of a process and all its descendants in bytes: the proportional set size, in which
 * shared pages count once. Returns NaN where there is no `/proc`.
 */
export function treeBytes(root: number): number {
  return descendantBytes(root) + ownBytes(root);
}

/** Returns the memory of all descendants of a process in bytes. Returns NaN where there is no `/proc`. */
export function descendantBytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of namesIn("/proc")) {
    const id = Number(name);
    if (!Number.isInteger(id)) continue;
    // The parent's id follows the name in parentheses, which may contain anything, and the state.
    const parent = Number(/\) \w (\d+)/u.exec(textOf(`/proc/${name}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  if (children.size === 0) return Number.NaN;
  const pending = [...(children.get(root) ?? [])];
  let bytes = 0;
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    pending.push(...(children.get(id) ?? []));
    bytes += ownBytes(id);
  }
  return bytes;
}

function ownBytes(id: number): number {
  const kilobytes = /^Pss:\s+(\d+)/mu.exec(textOf(`/proc/${id}/smaps_rollup`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns an empty text when the process has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
