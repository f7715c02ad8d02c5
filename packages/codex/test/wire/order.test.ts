import { setImmediate } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { Codex } from "../../src/index.js";
import { LinkedRuntime } from "../support/linkedRuntime.js";
import {
  type Consumer,
  CONSUMERS,
  messageFor,
  type Open,
  startConsumers,
  toPlay,
} from "../support/messageConsumers.js";

// The rule: what the runtime sent first, the application sees first, whatever the consumers are. All
// consumers of a test are waiting when the messages arrive.

type Chunking = "in one chunk" | "in a chunk each";

const CHUNKINGS: readonly Chunking[] = ["in one chunk", "in a chunk each"];

describe("two messages are seen in the order in which they were sent", () => {
  const pairs = CONSUMERS.flatMap((first) =>
    CONSUMERS.filter((second) => second !== first).map((second) => [first, second] as const),
  );
  for (const chunking of CHUNKINGS) {
    for (const pair of pairs) {
      it(`${pair[0]} sees its message before ${pair[1]} when it was sent first, ${chunking}`, async () => {
        expect(await seenOrder(pair, chunking)).toEqual(pair);
      });
    }
  }
});

describe("a result, a notification, a request, a notification and a request are seen in that order", () => {
  const notifications = ["turn.stream()", "codex.notifications()"] as const;
  const requests = ["onApproval", "tool.execute"] as const;
  const sequences = notifications.flatMap((n2) =>
    requests.flatMap((r3) =>
      notifications.flatMap((n4) =>
        requests.map((r5) => ["client.request()", n2, r3, n4, r5] as const),
      ),
    ),
  );
  for (const chunking of CHUNKINGS) {
    for (const sequence of sequences) {
      it(`${sequence.join(", ")} see their messages in the order sent, ${chunking}`, async () => {
        expect(await seenOrder(sequence, chunking)).toEqual(sequence);
      });
    }
  }
});

/** Sends one message for each consumer, and returns the consumers in the order in which they saw it. */
async function seenOrder(sent: readonly Consumer[], chunking: Chunking): Promise<Consumer[]> {
  const seen: Consumer[] = [];
  const open: Open = { requests: new Map(), serverRequests: 0 };
  using runtime = new LinkedRuntime(toPlay(open));
  const codex = new Codex({
    ...runtime.options,
    onDiagnostic: ({ kind }) => {
      if (kind === "notice") seen.push("onDiagnostic");
    },
  });
  // Each of them may end with the client's own close.
  const ended = Promise.allSettled(await startConsumers(codex, (consumer) => seen.push(consumer)));
  await settle();
  const lines = sent.map((consumer) => `${JSON.stringify(messageFor(consumer, open))}\n`);
  for (const chunk of chunking === "in one chunk" ? [lines.join("")] : lines) {
    runtime.write(chunk);
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
  await settle();
  await codex.close();
  await ended;
  return seen;
}

/** Long enough for every consumer to take what has come. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
}
