import { describe, expect, it } from "vitest";

import { comparable } from "../../src/record/compare.js";
import { normalise } from "../../src/record/normalise.js";
import {
  formatTranscript,
  parseRecording,
  parseTranscript,
  type Transcript,
  type TranscriptLine,
} from "../../src/record/transcript.js";

const THREAD = "01a21231-d042-7ab3-bc15-c1009a91fd95";
const TURN = "01a21231-d055-7521-97d1-e6e7f5cde882";
const PLACE = { root: "/tmp/codex-harness-x1", runtimeVersion: "7.8.9" };

function notification(method: string, params: object): TranscriptLine {
  return { from: "runtime", message: { method, params } };
}

function normaliseParams(params: object): unknown {
  return normalise([notification("any", params)], PLACE)[0]?.message.params;
}

describe("normalise", () => {
  it("replaces times, places and versions", () => {
    expect(
      normaliseParams({
        path: `${PLACE.root}/codex-home/sessions/2026/11/25/rollout-2026-11-25T10-13-04-${THREAD}.jsonl`,
        diff: "--- a/codex-harness-x1/workspace/a\n+++ b/tmp/codex-harness-x1/workspace/a",
        command: "/usr/bin/zsh -lc 'echo hi'",
        cliVersion: "7.8.9",
        userAgent: "anything",
        processId: "70683",
        createdAt: 1795601584,
        durationMs: 7,
        completedAt: null,
        totalTokens: 7,
      }),
    ).toEqual({
      path: "/harness/codex-home/sessions/2000/01/01/rollout-2000-01-01T00-00-00-00000000-0000-4000-8000-000000000001.jsonl",
      diff: "--- a/a\n+++ b/a",
      command: "/bin/sh -c 'echo hi'",
      cliVersion: "0.0.0",
      userAgent: "codex_typescript_sdk/0.0.0 (Linux; x86_64) (codex_typescript_sdk; 0.0.0)",
      processId: "1",
      createdAt: 0,
      durationMs: 0,
      completedAt: null,
      totalTokens: 7,
    });
  });

  it("leaves out messages that only some machines send", () => {
    expect(normalise([notification("configWarning", { summary: "no bubblewrap" })], PLACE)).toEqual(
      [],
    );
  });

  it("gives equal ids to recordings with another interleaving", () => {
    const answer: TranscriptLine = {
      from: "runtime",
      message: { id: 2, result: { thread: { id: THREAD } } },
    };
    const warning = notification("warning", { installationId: TURN });
    const one = comparable(normalise([warning, answer], PLACE));
    expect(comparable(normalise([answer, warning], PLACE))).toEqual(one);
  });
});

describe("comparable", () => {
  it("differs for another order within a turn and for another response", () => {
    const events = ["item/started", "item/completed"].map((method) =>
      notification(method, { turnId: TURN }),
    );
    expect(comparable(events.toReversed())).not.toEqual(comparable(events));
    expect(comparable([{ from: "runtime", message: { id: 1, result: 1 } }])).not.toEqual(
      comparable([{ from: "runtime", message: { id: 1, result: 2 } }]),
    );
  });

  it("treats recordings with and without the output of a running command as the same", () => {
    const completed = notification("item/completed", { turnId: TURN });
    const delta = notification("item/commandExecution/outputDelta", { turnId: TURN, delta: "hi" });
    expect(comparable([delta, completed])).toEqual(comparable([completed]));
  });

  it("has only the sequence of statuses of a goal", () => {
    const reports = (...statuses: string[]) =>
      statuses.map((status, tokensUsed) =>
        notification("thread/goal/updated", { goal: { status, tokensUsed } }),
      );
    const short = comparable(reports("active", "complete"));
    expect(comparable(reports("active", "active", "complete"))).toEqual(short);
    expect(comparable(reports("active"))).not.toEqual(short);
  });
});

describe("a transcript's file", () => {
  it("is read back without changes", () => {
    const transcript: Transcript = [
      { from: "client", message: { id: 1, method: "initialize" } },
      { from: "runtime", message: { id: 1, result: "a > b < c" } },
    ];
    expect(
      parseRecording('>{"id":1,"method":"initialize"}\n<{"id":1,"result":"a > b < c"}\n'),
    ).toEqual(transcript);
    expect(parseTranscript(formatTranscript(transcript))).toEqual(transcript);
  });
});
