import type { Turn } from "@openai/codex/types";

/** Duration of a lease of the hosts, in milliseconds: the next host waits for its end. */
export const LEASE_MS = 5000;

/** A turn as the history of the thread has it. */
export interface StoredTurn {
  readonly id: string;
  readonly input: string;
  readonly answer: string | null;
  readonly status: string;
}

/** A line that a host prints. */
export type WorkerLine =
  | { readonly kind: "home"; readonly root: string }
  | {
      readonly kind: "open";
      readonly threadId: string;
      readonly sandbox: string | undefined;
      readonly turns: readonly StoredTurn[];
    }
  | { readonly kind: "begin"; readonly input: string }
  | { readonly kind: "event"; readonly method: string }
  | { readonly kind: "end"; readonly turn: StoredTurn };

/** Returns the part of a stored turn that is compared. */
export function toStoredTurn({ id, items, status }: Turn): StoredTurn {
  let input = "";
  let answer: string | null = null;
  for (const item of items) {
    if (item.type === "agentMessage") answer = item.text;
    if (item.type !== "userMessage") continue;
    input = item.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  }
  return { id, input, answer, status };
}

/**
 * Compares the history that a host has found with what the hosts before it have shown to their caller. The
 * store may have one turn more: one that ended, and whose host was killed before it could show that. Returns
 * the fault; `undefined` without one.
 */
export function faultOf(
  found: readonly StoredTurn[],
  shown: readonly StoredTurn[],
  begun: string | undefined,
): string | undefined {
  const isSame = JSON.stringify(found.slice(0, shown.length)) === JSON.stringify(shown);
  if (!isSame) return `the ${shown.length} turns that were shown are not in the history`;
  const [extra, ...more] = found.slice(shown.length);
  if (extra === undefined) return undefined;
  const isEnded =
    extra.input === begun &&
    extra.answer === `answer to ${begun}.` &&
    extra.status === "completed" &&
    more.length === 0;
  return isEnded ? undefined : `the history has a turn that has not ended: ${extra.input}`;
}
