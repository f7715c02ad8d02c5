import { beforeAll, describe, expect, it } from "vitest";

import { BrowserLoginLock } from "../../../../packages/codex/test/support/mockBrowserLoginLock.js";
import { comparable } from "../../src/record/compare.js";
import { MessageSchema } from "../../src/record/messageSchema.js";
import { recordScenario, SCENARIOS } from "../../src/record/recordScenario.js";
import { readTranscript, transcriptNames } from "../../src/record/transcriptFiles.js";

describe("the checked-in transcripts", () => {
  it("have the names of the scenarios", async () => {
    expect(await transcriptNames()).toEqual(SCENARIOS.map(({ name }) => name).toSorted());
  });
});

// They were recorded on Linux: other systems have other shells and sandbox messages.
describe.skipIf(process.platform !== "linux")("a checked-in transcript", () => {
  it.each(SCENARIOS)(
    "$name equals a new recording of the pinned runtime (if not, run pnpm lab record)",
    async (scenario) => {
      await using _lock = scenario.name.startsWith("loginBrowser")
        ? await BrowserLoginLock.acquire()
        : null;
      expect(comparable(await recordScenario(scenario))).toEqual(
        comparable(await readTranscript(scenario.name)),
      );
    },
  );
});

describe("the schema of the pinned runtime", () => {
  let schema: MessageSchema;
  beforeAll(async () => {
    schema = await MessageSchema.ofPinnedRuntime();
  });

  it.each(SCENARIOS)("accepts each message of $name", async ({ name }) => {
    expect(schema.problemsOf(await readTranscript(name))).toEqual([]);
  });

  it("reports a method, a param, a result and a response that are not in the protocol", () => {
    expect(
      schema.problemsOf([
        { from: "client", message: { id: 1, method: "thread/invent", params: {} } },
        { from: "client", message: { id: 2, method: "thread/read", params: {} } },
        { from: "runtime", message: { id: 2, result: { thread: 7 } } },
        { from: "runtime", message: { id: 9, result: {} } },
        { from: "runtime", message: { method: "turn/started", params: { threadId: 1 } } },
      ]),
    ).toEqual([
      "line 1: ClientRequest has no thread/invent",
      "line 2: ClientRequest thread/read: data/params must have required property 'threadId'",
      "line 3: v2/ThreadReadResponse.json: data/thread must be object",
      "line 4: answers an unknown request 9",
      "line 5: ServerNotification turn/started: data/params must have required property 'turn', data/params/threadId must be string",
    ]);
  });
});
