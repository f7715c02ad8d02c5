import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Codex, type CodexStartError, type JsonRpcError, type Thread } from "../../src/index.js";
import { RUNTIME_WORDING } from "../../src/rpc/runtimeWording.js";
import { message } from "../../src/testing/index.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";
import { secondClient } from "../support/secondClient.js";

const UNKNOWN_ID = "019a0000-0000-7000-8000-000000000000";

let harness: RecordedHarness;
let thread: Thread;
let archived: string;

beforeAll(async () => {
  harness = await startRecordedHarness();
  harness.model.respond(() => [message("ok")]);
  thread = await harness.codex.startThread();
  await thread.run("one");
  archived = await harness.codex.forkThread(thread.id).then(({ id }) => id);
  await harness.codex.thread(archived).run("two");
  await harness.codex.archiveThread(archived);
});
afterAll(() => harness.close());

/** The runtime's own text of a refusal, whatever class the SDK makes of it. */
async function textOf(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.then(String, (caught: unknown) => caught);
  // SAFETY: what is not an error of the runtime has no text, which fits no wording.
  const { rpcMessage, stderrTail } = error as Partial<JsonRpcError & CodexStartError>;
  return rpcMessage ?? stderrTail ?? `not refused: ${String(error)}`;
}

/** Starts a runtime with another `CODEX_HOME`. */
async function startIn(codexHome: string): Promise<void> {
  await using codex = new Codex({ env: { CODEX_HOME: codexHome } });
  await codex.start();
}

/** Sends a request about a new thread without a turn. */
async function onThread(
  options: { readonly ephemeral?: true },
  toRequest: (threadId: string) => readonly [method: string, params: object],
): Promise<unknown> {
  const { id } = await harness.codex.startThread(options);
  return harness.codex.client.request(...toRequest(id));
}

/** Wordings that the runtime cannot be brought to by a request of a test. */
const NOT_ON_DEMAND: readonly string[] = ["retryLimit"];

/** Each wording with the requests that bring the runtime to it. */
const REFUSALS: Readonly<Record<string, readonly (() => Promise<unknown>)[]>> = {
  noActiveTurn: [
    () =>
      harness.codex.client.request("turn/interrupt", { threadId: thread.id, turnId: UNKNOWN_ID }),
    () =>
      harness.codex.client.request("turn/steer", {
        threadId: thread.id,
        expectedTurnId: UNKNOWN_ID,
        input: [{ type: "text", text: "x", text_elements: [] }],
      }),
  ],
  otherTurnActive: [
    async () => {
      const gate = harness.model.gate();
      harness.model.respond(() => [gate, message("ok")]);
      const turn = await thread.turn("Work");
      await gate.reached;
      try {
        await harness.codex.client.request("turn/steer", {
          threadId: thread.id,
          expectedTurnId: UNKNOWN_ID,
          input: [{ type: "text", text: "x", text_elements: [] }],
        });
      } finally {
        harness.model.respond(() => [message("ok")]);
        gate.open();
        await turn.result;
      }
    },
  ],
  noGoal: [
    () =>
      harness.codex.client.request("thread/goal/set", { threadId: thread.id, status: "paused" }),
  ],
  threadNotFound: [
    () => harness.codex.client.request("thread/resume", { threadId: UNKNOWN_ID }),
    () => harness.codex.client.request("thread/fork", { threadId: UNKNOWN_ID }),
    () => harness.codex.client.request("thread/unarchive", { threadId: UNKNOWN_ID }),
    () => harness.codex.client.request("thread/archive", { threadId: UNKNOWN_ID }),
    () =>
      harness.codex.client.request("turn/start", {
        threadId: UNKNOWN_ID,
        input: [{ type: "text", text: "x", text_elements: [] }],
      }),
    () =>
      harness.codex.client.request("thread/read", { threadId: UNKNOWN_ID, includeTurns: false }),
    () => harness.codex.client.request("thread/resume", { threadId: "no-uuid" }),
    () => harness.codex.client.request("thread/resume", { threadId: archived }),
    () => harness.codex.client.request("thread/fork", { threadId: archived }),
    () => harness.codex.client.request("thread/read", { threadId: "no-uuid", includeTurns: false }),
  ],
  threadIdMalformed: [() => harness.codex.client.request("thread/resume", { threadId: "no-uuid" })],
  threadArchived: [() => harness.codex.client.request("thread/resume", { threadId: archived })],
  noRollout: [() => harness.codex.client.request("thread/resume", { threadId: UNKNOWN_ID })],
  noArchivedRollout: [
    () => harness.codex.client.request("thread/unarchive", { threadId: UNKNOWN_ID }),
  ],
  threadNotStored: [
    () => onThread({ ephemeral: true }, (threadId) => ["thread/goal/get", { threadId }]),
    () => onThread({ ephemeral: true }, (threadId) => ["thread/name/set", { threadId, name: "x" }]),
    () => onThread({ ephemeral: true }, (threadId) => ["thread/delete", { threadId }]),
    () => onThread({}, (threadId) => ["thread/turns/list", { threadId }]),
    () => onThread({}, (threadId) => ["thread/items/list", { threadId }]),
    () => onThread({}, (threadId) => ["thread/read", { threadId, includeTurns: true }]),
  ],
  homeUnusable: [
    () => startIn(join(harness.codexHome, "missing")),
    // A file is refused for every user; a folder without the right to write is refused for all but root.
    () => startIn(join(harness.codexHome, "config.toml")),
    () => startIn(join(harness.codexHome, "config.toml", "below")),
  ],
  threadInUse: [
    async () => {
      await using other = secondClient(harness);
      await other.client.request("thread/resume", { threadId: thread.id });
    },
  ],
};

describe("the wordings of the runtime that the SDK acts on", () => {
  it("are all in the table of this test, or cannot be had on demand", () => {
    expect([...Object.keys(REFUSALS), ...NOT_ON_DEMAND].toSorted()).toEqual(
      Object.keys(RUNTIME_WORDING).toSorted(),
    );
  });

  it.each(Object.entries(REFUSALS))(
    "include %s in the refusals of the pinned runtime",
    async (name, refusals) => {
      const wording: RegExp | undefined = new Map(Object.entries(RUNTIME_WORDING)).get(name);

      for (const refuse of refusals) {
        // oxlint-disable-next-line no-await-in-loop -- they share one thread
        expect(await textOf(refuse())).toMatch(wording ?? /^$/u);
      }
    },
  );
});
