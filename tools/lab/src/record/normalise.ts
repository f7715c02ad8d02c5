import { basename } from "node:path";

import { inLanes } from "./lanes.js";
import type { Transcript } from "./transcript.js";

/** Values that differ between recordings or machines. */
export interface RecordingPlace {
  /** Folder of the harness, with everything that the runtime reads and writes. */
  readonly root: string;
  readonly runtimeVersion: string;
}

/** Methods whose messages depend on the machine: `configWarning` reports what is not installed. */
const DROPPED_METHODS: ReadonlySet<string> = new Set(["configWarning"]);

const FIXED_MEMBERS: Readonly<Record<string, string>> = {
  userAgent: "codex_typescript_sdk/0.0.0 (Linux; x86_64) (codex_typescript_sdk; 0.0.0)",
  platformFamily: "unix",
  platformOs: "linux",
  serverName: "host",
  processId: "1",
};

const TIME_MEMBER = /(?:At|Ms|timeUsedSeconds)$/u;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu;

const TEXTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [
    /sessions\/\d{4}\/\d\d\/\d\d\/rollout-[\dT-]{19}-/gu,
    "sessions/2000/01/01/rollout-2000-01-01T00-00-00-",
  ],
  [/(?:\/usr)?\/bin\/\w*sh -l?c /gu, "/bin/sh -c "],
  [/127\.0\.0\.1:\d+/gu, "127.0.0.1:1"],
  [/localhost%3A\d+/gu, "localhost%3A1"],
  [/([?&](?:state|code_challenge)=)[^&]+/gu, "$1random"],
];

/**
 * Replaces times, places and versions in a transcript. Every id becomes a number in the order of the groups,
 * so that recordings with another interleaving of groups are equal.
 */
export function normalise(transcript: Transcript, place: RecordingPlace): Transcript {
  const plain = transcript
    .filter(({ message }) => !DROPPED_METHODS.has(message.method ?? ""))
    .map((line): Transcript[number] => ({
      from: line.from,
      message: JSON.parse(
        JSON.stringify(line.message, (key, value) => plainValue(key, value, place)),
      ),
    }));
  const ids = new Map<string, string>();
  for (const line of inLanes(plain)) {
    for (const [id] of JSON.stringify(line).matchAll(UUID)) {
      if (!ids.has(id))
        ids.set(id, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`);
    }
  }
  return JSON.parse(JSON.stringify(plain).replaceAll(UUID, (id) => ids.get(id) ?? id));
}

function plainValue(
  key: string,
  value: unknown,
  { root, runtimeVersion }: RecordingPlace,
): unknown {
  if (typeof value === "number") return TIME_MEMBER.test(key) ? 0 : value;
  if (typeof value !== "string") return value;
  const fixed = FIXED_MEMBERS[key];
  if (fixed !== undefined) return fixed;
  return TEXTS.reduce(
    (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
    value
      .replaceAll(root, "/harness")
      // In a diff, paths are relative to a folder above the harness or to the working directory.
      .replaceAll(
        new RegExp(`\\b([ab])/(?:\\S*/)?(?:harness|${basename(root)})/workspace/`, "gu"),
        "$1/",
      )
      .replaceAll(runtimeVersion, "0.0.0"),
  );
}
