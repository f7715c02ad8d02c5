import { describe, expect, it } from "vitest";

import { readRollout } from "../../../../src/api/portable/rollout.js";
import { BUNDLED_THREAD, rolloutOf } from "../../../support/exampleBundle.js";

const event = (type: string, rest: object) => ({ type: "event_msg", payload: { type, ...rest } });
const started = (id: string) => event("task_started", { turn_id: id });
const completed = (id: string) => event("task_complete", { turn_id: id });
const aborted = (id: string) => event("turn_aborted", { turn_id: id });
const context = (profile: unknown, policy: object) => ({
  type: "turn_context",
  payload: { permission_profile: profile, sandbox_policy: policy, approval_policy: "never" },
});
const applied = (profile: unknown) =>
  event("thread_settings_applied", { thread_settings: { permission_profile: profile } });

const read = (...entries: object[]) => readRollout(rolloutOf(BUNDLED_THREAD, ...entries), true);

describe("a rollout", () => {
  it("has its ended turns, and the place where a turn that has not ended begins", () => {
    const ended = rolloutOf(
      BUNDLED_THREAD,
      started("a"),
      { text: "ä €" },
      completed("a"),
      started("b"),
      aborted("b"),
    );

    const facts = readRollout(`${ended}${JSON.stringify(started("c"))}\n`, false);

    expect(facts).toMatchObject({ endedTurns: ["a", "b"], openTurnAt: ended.length });
  });

  it("has the settings of its last turn", () => {
    const policy = { type: "workspace-write", writable_roots: ["/a"], network_access: true };

    const facts = read(context(1, { type: "read-only" }), context(2, policy), applied(2));

    expect(facts).toMatchObject({
      context: {
        sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/a"], networkAccess: true },
        approvalPolicy: "never",
      },
    });
  });

  it("does not have settings when they were changed after the last turn", () => {
    expect(read(context(1, { type: "read-only" }), applied(2))).toMatchObject({
      context: undefined,
    });
  });

  it("names the rollout that its history builds on", () => {
    const base = { thread_id: "base", end_byte_offset: 12 };
    const meta = { type: "session_meta", payload: { id: "fork", history_base: base } };

    expect(readRollout(`${JSON.stringify(meta)}\n`, true)).toMatchObject({
      base: { threadId: "base", bytes: 12 },
    });
  });

  it.each([
    ["an empty text", ""],
    ["a last line that is not complete", rolloutOf(BUNDLED_THREAD).trimEnd()],
    ["a first line of another kind", '{"type":"event_msg","payload":{}}\n'],
    ["a thread without an id", '{"type":"session_meta","payload":{}}\n'],
    [
      "a base of its history without a length",
      '{"type":"session_meta","payload":{"id":"a","history_base":{"thread_id":"b"}}}\n',
    ],
    ["a line that is a list", `${rolloutOf(BUNDLED_THREAD)}[]\n`],
  ])("with %s is refused with the fault", (_title, text) => {
    expect(readRollout(text, true)).toMatch(/\w/u);
  });
});
