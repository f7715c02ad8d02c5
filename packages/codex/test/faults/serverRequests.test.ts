import { describe, expect, it } from "vitest";

import type { FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  delta,
  itemCompleted,
  sends,
  turn,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

const COMMAND = "item/commandExecution/requestApproval";
const FILES = "item/fileChange/requestApproval";
const PERMISSIONS = "item/permissions/requestApproval";

function asks(id: number | string, method: string): FakeAction {
  return { send: { id, method, params: { threadId: "thread-1", turnId: "turn-1", itemId: "i" } } };
}

/** A turn that asks these, each after the answer to the one before, and then ends. */
function turnThatAsks(...requests: [number | string, string][]): Record<string, FakeAction[]> {
  const asked = requests.map(([id, method]) => asks(id, method));
  const steps = requests.map(([id], i): [string, FakeAction[]] => [
    `answer ${id}`,
    asked.slice(i + 1, i + 2),
  ]);
  const last = `answer ${requests.at(-1)?.[0]}`;
  return {
    "thread/start": answersThread,
    "turn/start": [answersTurn, ...sends(turnStarted()), ...asked.slice(0, 1)],
    ...Object.fromEntries(steps),
    [last]: sends(turnCompleted()),
  };
}

describe("a request of the runtime", () => {
  it("is answered without a handler, never with a grant", async () => {
    await using fake = await createFakeCodex({
      on: turnThatAsks(
        [1, COMMAND],
        [2, FILES],
        [3, PERMISSIONS],
        ["four", "future/newThing"],
        [5, "account/chatgptAuthTokens/refresh"],
      ),
    });
    await (await fake.codex.startThread()).run("go");
    expect(fake.server.answers()).toEqual([
      { id: 1, result: { decision: "decline" } },
      { id: 2, result: { decision: "decline" } },
      { id: 3, result: { permissions: {}, scope: "turn" } },
      { id: "four", error: { code: -32601, message: expect.any(String) } },
      { id: 5, error: { code: -32601, message: expect.any(String) } },
    ]);
  });

  it("whose handler throws is declined, and the error reported", async () => {
    await using fake = await createFakeCodex({ on: turnThatAsks([1, FILES]) });
    const error = new Error("the handler broke");
    fake.codex.client.onServerRequest(FILES, () => {
      throw error;
    });
    await (await fake.codex.startThread()).run("go");
    expect(fake.server.answers()).toEqual([{ id: 1, result: { decision: "decline" } }]);
    expect(fake.diagnostics).toEqual([{ kind: "handlerError", method: FILES, error }]);
  });

  it("for new tokens gets the handler's answer, and is given its params", async () => {
    const params = { reason: "unauthorized", previousAccountId: "a" };
    const method = "account/chatgptAuthTokens/refresh";
    await using fake = await createFakeCodex({
      on: {
        go: [{ answer: {} }, { send: { id: 9, method, params } }],
        "answer 9": sends({ method: "done" }),
      },
    });
    const asked: unknown[] = [];
    const answer = { accessToken: "t", chatgptAccountId: "a", chatgptPlanType: null };
    fake.codex.client.onServerRequest(method, (received) => {
      asked.push(received);
      return answer;
    });
    const notifications = fake.codex.notifications();
    await fake.codex.client.request("go", {});
    expect((await notifications.next()).value).toEqual({ method: "done" });
    expect([asked, fake.server.answers()]).toEqual([[params], [{ id: 9, result: answer }]]);
  });

  it("that waits for a person holds nothing else up", async () => {
    const deltas = 1000;
    const other = "turn-2";
    await using fake = await createFakeCodex({
      on: {
        "thread/start": [
          [{ answer: { thread: { id: "thread-1", turns: [] } } }],
          [{ answer: { thread: { id: "thread-2", turns: [] } } }],
        ],
        "turn/start": [
          [answersTurn, ...sends(turnStarted()), asks(1, COMMAND), asks(2, COMMAND)],
          [
            { answer: { turn: turn(other, "inProgress") } },
            ...sends({
              method: "serverRequest/resolved",
              params: { threadId: "thread-1", requestId: 2 },
            }),
            { repeat: delta("$i", other, "thread-2"), times: deltas },
            ...sends(turnCompleted(other, "thread-2")),
          ],
        ],
        "answer 1": sends(turnCompleted()),
      },
    });
    const { codex } = fake;
    const open: { signal: AbortSignal; answer(decision: "accept"): void }[] = [];
    let bothAsked = () => {};
    const asked = new Promise<void>((resolve) => (bothAsked = resolve));
    codex.client.onServerRequest(
      COMMAND,
      (_params, { signal }) =>
        new Promise((resolve) => {
          open.push({ signal, answer: (decision) => resolve({ decision }) });
          if (open.length === 2) bothAsked();
        }),
    );
    const first = (await codex.startThread()).run("ask");
    await asked;

    let count = 0;
    const second = await (await codex.startThread()).turn("stream");
    for await (const { method } of second.stream()) count += method.endsWith("/delta") ? 1 : 0;

    expect(count).toBe(deltas);
    expect(open.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    expect(fake.server.answers()).toEqual([]);
    for (const { answer } of open) answer("accept");
    expect((await first).status).toBe("completed");
    expect(fake.server.answers()).toEqual([{ id: 1, result: { decision: "accept" } }]);
  });

  it("that is open when the runtime dies has its signal aborted", async () => {
    await using fake = await createFakeCodex({
      on: { ...turnThatAsks([1, COMMAND]), die: [{ exit: 0 }] },
    });
    const aborted = new Promise((resolve) => {
      fake.codex.client.onServerRequest(COMMAND, (_params, { signal }) => {
        signal.addEventListener("abort", () => resolve(signal.reason));
        void fake.codex.client.notify("die");
        return new Promise(() => {});
      });
    });
    const run = (await fake.codex.startThread()).run("go");
    await expect(run).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
    expect(await aborted).toMatchObject({ code: "TRANSPORT_CLOSED" });
    expect(fake.server.answers()).toEqual([]);
  });

  it("that comes after a turn's end is asked, answered, and the next turn works", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          [
            answersTurn,
            ...sends(turnStarted(), turnCompleted()),
            { delay: 50 },
            asks("late", COMMAND),
          ],
          [
            { answer: { turn: turn("turn-2", "inProgress") } },
            ...sends(itemCompleted(agentMessage("second"), "turn-2"), turnCompleted("turn-2")),
          ],
        ],
        "answer late": sends({ method: "answered" }),
      },
    });
    const { codex } = fake;
    codex.client.onServerRequest(COMMAND, () => ({ decision: "accept" }));
    const notifications = codex.notifications();
    const thread = await codex.startThread();
    expect((await thread.run("one")).status).toBe("completed");
    expect((await notifications.next()).value).toEqual({ method: "answered" });
    expect((await thread.run("two")).finalResponse).toBe("second");
    expect(fake.server.answers()).toEqual([{ id: "late", result: { decision: "accept" } }]);
  });
});
