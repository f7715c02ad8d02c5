import { setImmediate } from "node:timers/promises";

import { expect, it } from "vitest";

import { FuzzedClient, type OpenWork, turnIdOf } from "../support/fuzzedClient.js";
import { type MessageKind, NOTIFICATION_KINDS, REQUEST_KINDS } from "../support/messageKinds.js";
import { mutate } from "../support/mutateMessage.js";
import { PROPERTY_TIMEOUT_MS, propertyFactor, propertySeed } from "../support/propertyRuns.js";
import { seededRandom } from "../support/seededRandom.js";
import { THREAD, TURN } from "../support/wire.js";

// The rule: whatever the runtime sends, nothing is thrown outside of a promise, every rejection is a
// `CodexError`, what is open ends, and the next turn completes. With the messages of fuzzResponses.test.ts
// there are 100,000 in a normal run.

const SEED = propertySeed();
const BATCHES = 4;
const MESSAGES_PER_BATCH = 245;
const PROPERTY_OPTIONS = { timeout: PROPERTY_TIMEOUT_MS };

for (const { method, params } of NOTIFICATION_KINDS) {
  it(
    `the notification ${method}, mutated, throws nothing and harms no later turn`,
    PROPERTY_OPTIONS,
    async () => {
      await fuzz({ method, params }, ({ seen }) => expect(seen).toContain(method));
    },
  );
}

for (const { method, params } of REQUEST_KINDS) {
  it(
    `the request ${method}, mutated, throws nothing and harms no later turn`,
    PROPERTY_OPTIONS,
    async () => {
      const message = { id: `${method} 1`, method, params };
      await fuzz(message, ({ runtime }) =>
        expect(runtime.received.map(({ id }) => id)).toContain(message.id),
      );
    },
  );
}

/** Sends a message as it is, then mutated. `expectReached` holds when its handler got the first one. */
async function fuzz(
  message: MessageKind,
  expectReached: (client: FuzzedClient) => void,
): Promise<void> {
  const random = seededRandom(SEED + message.method.length * 7919);
  await using client = new FuzzedClient();
  const first = await client.openWork();
  client.write(JSON.stringify(onThread(message, first, 0)));
  await first.end();
  await setImmediate();
  expectReached(client);

  let messages = 0;
  let objects = 0;
  for (let batch = 0; batch < BATCHES * propertyFactor(); batch += 1) {
    // oxlint-disable no-await-in-loop
    const work = await client.openWork();
    for (let count = 0; count < MESSAGES_PER_BATCH; count += 1) {
      const text = mutate(onThread(message, work, random.below(3)), random, work.ids);
      messages += 1;
      objects += isJsonObject(text) ? 1 : 0;
      client.write(text);
      if (random.below(16) === 0) await setImmediate();
    }
    await work.end();
    // oxlint-enable no-await-in-loop
  }
  expect(client.faults).toEqual([]);
  expect(await client.runTurn()).toEqual({ status: "completed", finalResponse: "fine" });
  expect(objects / messages).toBeGreaterThan(0.95);
}

/** The message with the ids of one open thread in it. */
function onThread(message: object, work: OpenWork, index: number): object {
  const threadId = work.threadIds[index] ?? "";
  const replaced = new Map<unknown, string>([
    [THREAD, threadId],
    [TURN, turnIdOf(threadId)],
    ["login-1", work.loginId],
  ]);
  return JSON.parse(JSON.stringify(message), (_key, value) => replaced.get(value) ?? value);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
