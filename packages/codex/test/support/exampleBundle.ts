import { createHash } from "node:crypto";

import type { ThreadBundle } from "../../src/index.js";

/** Id of the thread of an example bundle. */
export const BUNDLED_THREAD = "01a22411-ac68-7070-b0ca-ebd72c2002c9";

/** Returns the path of a thread's rollout. */
export function rolloutPathOf(threadId: string): string {
  return `sessions/2026/11/28/rollout-2026-11-28T21-31-07-${threadId}.jsonl`;
}

/** Makes a rollout of entries, which begins with the metadata of its thread. */
export function rolloutOf(threadId: string, ...entries: readonly object[]): string {
  const meta = { type: "session_meta", payload: { id: threadId } };
  return [meta, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Makes a bundle of these files, the last of which is the thread's own, with matching sizes and hashes. */
export function bundleOf(files: Readonly<Record<string, string>>): ThreadBundle {
  const listed = Object.entries(files).map(([path, content]) => ({
    path,
    threadId: path.slice(-".jsonl".length - 36, -".jsonl".length),
    bytes: Buffer.byteLength(content),
    sha256: createHash("sha256").update(content).digest("hex"),
  }));
  return {
    manifest: {
      format: 1,
      runtimeVersion: "1.0.0",
      threadId: listed.at(-1)?.threadId ?? "",
      createdAt: 1,
      name: null,
      goal: null,
      settings: {
        model: "model",
        modelProvider: null,
        effort: null,
        summary: null,
        serviceTier: null,
        cwd: process.cwd(),
        sandboxPolicy: { type: "readOnly", networkAccess: false },
        permissions: null,
        approvalPolicy: "never",
        approvalsReviewer: null,
      },
      files: listed,
    },
    contents: files,
  };
}

/** Makes a bundle that is accepted. */
export function exampleBundle(): ThreadBundle {
  return bundleOf({ [rolloutPathOf(BUNDLED_THREAD)]: rolloutOf(BUNDLED_THREAD) });
}
