import { expect, it } from "vitest";

import type { Codex, Thread } from "../../src/index.js";
import type { WireMessage } from "../support/fakeAppServer.js";
import { COMPLETE, endOf, FuzzedClient } from "../support/fuzzedClient.js";
import { mutate } from "../support/mutateMessage.js";
import { PROPERTY_TIMEOUT_MS, propertyFactor, propertySeed } from "../support/propertyRuns.js";
import { seededRandom } from "../support/seededRandom.js";

// The rule of fuzz.test.ts, for the responses to requests: a call whose response was mutated settles, with
// a value or a `CodexError`, and the next turn completes.

const SEED = propertySeed();
const RESPONSES = 210;

interface Call {
  readonly method: string;
  /** Makes the call, and reads what it opens to the end. */
  call(codex: Codex, thread: Thread): Promise<unknown>;
}

const CALLS: readonly Call[] = [
  { method: "thread/start", call: (codex) => codex.startThread() },
  { method: "thread/resume", call: (codex, { id }) => codex.resumeThread(id) },
  { method: "thread/fork", call: (_codex, thread) => thread.fork() },
  { method: "thread/unarchive", call: (codex, { id }) => codex.unarchiveThread(id) },
  { method: "thread/archive", call: (_codex, thread) => thread.archive() },
  { method: "thread/list", call: (codex) => firstOf(codex.iterateThreads()) },
  { method: "thread/read", call: (_codex, thread) => thread.read({ includeTurns: true }) },
  { method: "thread/turns/list", call: (_codex, thread) => thread.listTurns() },
  { method: "thread/items/list", call: (_codex, thread) => thread.listItems() },
  { method: "thread/revert", call: (_codex, thread) => thread.revert("turn") },
  { method: "thread/name/set", call: (_codex, thread) => thread.setName("name") },
  { method: "thread/goal/get", call: (_codex, thread) => thread.goal() },
  { method: "thread/goal/clear", call: (_codex, thread) => thread.clearGoal() },
  { method: "thread/goal/set", call: (_codex, thread) => thread.runGoal("Build it") },
  { method: "turn/start", call: (_codex, thread) => thread.run(COMPLETE) },
  { method: "turn/steer", call: steer },
  { method: "turn/interrupt", call: interrupt },
  { method: "review/start", call: review },
  { method: "thread/compact/start", call: (_codex, thread) => thread.compact() },
  { method: "model/list", call: (codex) => codex.models() },
  { method: "account/read", call: (codex) => codex.account() },
  { method: "account/login/start", call: (codex) => codex.loginChatgpt() },
  { method: "account/login/cancel", call: cancelLogin },
  { method: "account/logout", call: (codex) => codex.logout() },
];

for (const { method, call } of CALLS) {
  const options = { timeout: PROPERTY_TIMEOUT_MS };
  it(
    `a mutated response to ${method} settles its call and harms no later turn`,
    options,
    async () => {
      const random = seededRandom(SEED + method.length * 7919);
      await using client = new FuzzedClient();
      const { codex } = client;
      let asked = 0;
      for (let count = 0; count < RESPONSES * propertyFactor(); count += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const thread = await codex.startThread();
        client.overrides.set(method, (message) => {
          asked += 1;
          const [response = {}, ...events] = client.answerTo(message);
          client.write(mutate(response, random, [message.id, thread.id, null]));
          for (const event of events) client.write(JSON.stringify(event));
          for (const end of endsOf(message, thread.id)) client.write(JSON.stringify(end));
        });
        // oxlint-disable-next-line no-await-in-loop
        await client.settle(method, call(codex, thread));
      }
      expect(client.faults).toEqual([]);
      expect(asked).toBe(RESPONSES * propertyFactor());
      expect(await client.runTurn()).toEqual({ status: "completed", finalResponse: "fine" });
    },
  );
}

/** Messages that end a call however its response was mutated: a turn's end, the thread's, and a valid error. */
function endsOf({ id }: WireMessage, threadId: string): object[] {
  return [
    { id, error: { code: -32600, message: "The response before this one was mutated." } },
    ...endOf(threadId),
    { method: "thread/deleted", params: { threadId } },
  ];
}

async function firstOf(threads: AsyncIterable<unknown>): Promise<void> {
  let count = 0;
  for await (const _thread of threads) if ((count += 1) === 10) break;
}

async function steer(_codex: Codex, thread: Thread): Promise<unknown> {
  const turn = await thread.turn("Go.");
  await turn.steer("More.");
  return turn.run();
}

async function interrupt(_codex: Codex, thread: Thread): Promise<unknown> {
  const turn = await thread.turn("Go.");
  await turn.interrupt();
  return turn.run();
}

async function review(codex: Codex, { id }: Thread): Promise<unknown> {
  const target = { type: "custom", instructions: "Look." } as const;
  return (await codex.review(id, { target })).run();
}

async function cancelLogin(codex: Codex): Promise<unknown> {
  return (await codex.loginChatgpt()).cancel();
}
