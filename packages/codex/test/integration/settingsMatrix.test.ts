import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type Codex, type ResumeThreadOptions, type Thread } from "../../src/index.js";
import { escalatedCall } from "../support/approvalScripts.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";
import { secondClient } from "../support/secondClient.js";

/** Each configuration takes 63 turns, most of them with a command. */
const TIMEOUT_MS = 300_000;

const CONFIGURATIONS = {
  "of the runtime alone": {},
  "with full access": { sandbox_mode: "danger-full-access", approval_policy: "never" },
  "with workspace-write and network": {
    sandbox_mode: "workspace-write",
    approval_policy: "on-request",
    sandbox_workspace_write: { network_access: true },
  },
} as const;

const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"] as const;
const REVIEWERS = ["auto_review", "deny_all", "onApproval"] as const;
type Reviewer = (typeof REVIEWERS)[number];

const COMBINATIONS = SANDBOXES.flatMap((sandbox) =>
  REVIEWERS.map((reviewer) => ({ sandbox, reviewer })),
);

/** Reviewer that was asked about a command outside the sandbox. */
async function askedFor(
  harness: RecordedHarness,
  thread: Thread,
  asked: readonly string[],
): Promise<Reviewer | "nobody"> {
  const [reviewsBefore, askedBefore] = [harness.model.reviewRequests.length, asked.length];
  harness.model.enqueue(escalatedCall("true")).reply("Done.");
  await thread.run("Run it.");
  if (asked.length > askedBefore) return "onApproval";
  return harness.model.reviewRequests.length > reviewsBefore ? "auto_review" : "nobody";
}

/** Resumes threads of the opposite settings with each combination, and returns what differs from it. */
async function differencesIn(
  harness: RecordedHarness,
  codex: Codex,
  threads: readonly string[],
): Promise<string[]> {
  await using outside = await makeOutsideFolder();
  const file = join(outside.folder, "file");
  const differences: string[] = [];
  for (const [index, { sandbox, reviewer }] of COMBINATIONS.entries()) {
    const asked: string[] = [];
    const onApproval = () => {
      asked.push("asked");
      return "decline" as const;
    };
    const mode: ResumeThreadOptions =
      reviewer === "onApproval" ? { onApproval } : { approvalMode: reviewer };
    /* oxlint-disable no-await-in-loop -- the script of the model is one for all threads */
    const thread = await codex.resumeThread(threads[index] ?? "", { sandbox, ...mode });
    const writes = await canWrite(harness.model, thread, file);
    const who = await askedFor(harness, thread, asked);
    /* oxlint-enable no-await-in-loop */
    // Without a sandbox, no command wants more.
    const isFull = sandbox === "danger-full-access";
    const expected = isFull || reviewer === "deny_all" ? "nobody" : reviewer;
    if (writes !== isFull) differences.push(`${sandbox}, ${reviewer}: writes outside ${writes}`);
    if (who !== expected) differences.push(`${sandbox}, ${reviewer}: asks ${who}`);
    if (thread.settings?.sandbox !== sandbox) {
      differences.push(`${sandbox}, ${reviewer}: reports ${thread.settings?.sandbox}`);
    }
  }
  return differences;
}

describe("three sandboxes and three reviewers, asked for by a resume", () => {
  it.each(Object.entries(CONFIGURATIONS))(
    "are in force with a configuration %s, in one process and in the next",
    async (_name, config) => {
      await using harness = await startRecordedHarness({ config });
      const threads: string[] = [];
      for (const { sandbox } of COMBINATIONS) {
        const opposite = sandbox === "danger-full-access" ? "read-only" : "danger-full-access";
        // oxlint-disable-next-line no-await-in-loop -- the script of the model is one for all threads
        const thread = await harness.codex.startThread({
          sandbox: opposite,
          approvalMode: "deny_all",
        });
        harness.model.reply("ok");
        // oxlint-disable-next-line no-await-in-loop
        await thread.run("Hello");
        threads.push(thread.id);
      }

      const inOneProcess = await differencesIn(harness, harness.codex, threads);
      await harness.codex.close();
      await using other = secondClient(harness);
      // Each thread gets another combination than the one that it has stored.
      const inTheNext = await differencesIn(harness, other, threads.toReversed());

      expect({ inOneProcess, inTheNext }).toEqual({ inOneProcess: [], inTheNext: [] });
    },
    TIMEOUT_MS,
  );
});
