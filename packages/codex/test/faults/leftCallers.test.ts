import { afterEach, describe, expect, it, vi } from "vitest";

import { RuntimeClient } from "../../src/client/runtimeClient.js";
import { type RequestOptions, RequestTimeoutError } from "../../src/index.js";
import { Connection } from "../../src/rpc/connection.js";
import { rejectionOf } from "../support/rejection.js";
import { answer, scriptedClient, settle } from "../support/scriptedClient.js";
import {
  agentMessage,
  itemCompleted,
  THREAD,
  turn,
  turnCompleted,
  turnStarted,
} from "../support/wire.js";

// The rule: a caller that leaves before the response leaves nothing behind, and what the response
// determines is in force all the same.

const LIMIT = { timeoutMs: 20 };

/** Waits for the rejection of a call whose request is not answered. */
async function expectTimeout(call: Promise<unknown>): Promise<void> {
  expect(await rejectionOf(call)).toBeInstanceOf(RequestTimeoutError);
}

afterEach(() => {
  vi.restoreAllMocks();
});

type Client = Awaited<ReturnType<typeof scriptedClient>>;
type Call = (client: Client, options: RequestOptions) => Promise<unknown>;

/** Makes a call, and leaves it once its request of this method has been sent. */
async function leaveBehind(client: Client, method: string, call: Call): Promise<void> {
  const controller = new AbortController();
  const left = rejectionOf(call(client, { signal: controller.signal }));
  await vi.waitFor(() => expect(client.received(method)).toHaveLength(1));
  controller.abort("left");
  expect(await left).toBe("left");
  await settle();
}

describe("a caller that leaves before the response", () => {
  it.each([
    ["thread/read", ({ codex }, options) => codex.thread(THREAD).read(options)],
    ["thread/resume", ({ codex }, options) => codex.thread(THREAD).run("Go.", options)],
    ["turn/start", ({ codex }, options) => codex.thread(THREAD).run("Go.", options)],
    ["thread/compact/start", ({ codex }, options) => codex.thread(THREAD).compact(options)],
    ["account/login/start", ({ codex }, options) => codex.loginChatgpt(options)],
  ] satisfies [string, Call][])(
    "to %s does not keep the host process alive",
    async (method, call) => {
      const hold = vi.spyOn(Connection.prototype, "holdHost");
      await using client = await scriptedClient({ [method]: [[]] });

      await leaveBehind(client, method, call);

      expect(hold.mock.lastCall).toEqual([false]);
    },
  );

  it.each([
    ["thread/start", "thread/unsubscribe", ({ codex }, options) => codex.startThread(options)],
    ["account/login/start", "account/login/cancel", ({ codex }, o) => codex.loginChatgpt(o)],
    ["command/exec", "command/exec/terminate", ({ codex }, o) => codex.runCommand(["ls"], o)],
    ["turn/start", "turn/interrupt", ({ codex }, o) => codex.thread(THREAD).run("Go.", o)],
    ["thread/resume", "thread/turns/list", ({ codex }, o) => codex.resumeThread(THREAD, o)],
  ] satisfies [string, string, Call][])(
    "to %s has %s sent with a time limit",
    async (method, cleanUp, call) => {
      await using client = await scriptedClient({ [method]: [[]] });
      const dispatch = vi.spyOn(RuntimeClient.prototype, "dispatch");
      await leaveBehind(client, method, call);

      client.answerLate(method, {
        type: "chatgpt",
        loginId: "login-1",
        authUrl: "http://a/",
        thread: { id: THREAD, status: { type: "active" } },
        turn: turn("turn-1", "inProgress"),
      });
      if (method === "turn/start") client.runtime.send(turnStarted());
      await settle();

      const sent = dispatch.mock.calls.filter(([name]) => name === cleanUp);
      expect(sent).toMatchObject([[cleanUp, {}, { timeoutMs: expect.any(Number) }]]);
    },
  );

  it("to a login has the attempt cancelled", async () => {
    await using client = await scriptedClient({ "account/login/start": [[]] });
    await expectTimeout(client.codex.loginChatgpt(LIMIT));

    const result = { type: "chatgpt", loginId: "login-1", authUrl: "http://a/" };
    client.answerLate("account/login/start", result);
    await settle();

    expect(client.received("account/login/cancel")).toMatchObject([
      { params: { loginId: "login-1" } },
    ]);
    expect(client.held()).toEqual([]);
  });

  it("to a resume leaves a thread that is busy as its status is", async () => {
    await using client = await scriptedClient({
      "thread/resume": [[]],
      "thread/turns/list": [[answer({ data: [turn("turn-9", "inProgress")] })]],
    });
    await expectTimeout(client.codex.resumeThread(THREAD, LIMIT));

    client.answerLate("thread/resume", { thread: { id: THREAD, status: { type: "active" } } });
    await settle();

    const run = client.codex.thread(THREAD).run("Go.", { timeoutMs: 1000 });
    expect(await rejectionOf(run)).toMatchObject({ code: "THREAD_BUSY", activeTurnId: "turn-9" });
  });

  it("to a resume leaves a thread that asks the client's onApproval", async () => {
    const request = {
      id: 7,
      method: "item/commandExecution/requestApproval",
      params: { threadId: THREAD, turnId: "turn-1", itemId: "item-1", command: "ls" },
    };
    await using client = await scriptedClient(
      { "thread/resume": [[]] },
      { onApproval: () => "accept" },
    );
    await expectTimeout(client.codex.resumeThread(THREAD, LIMIT));

    client.answerLate("thread/resume", { thread: { id: THREAD, status: { type: "idle" } } });
    client.runtime.send(request);
    await settle();

    const answers = client.runtime.received.filter(({ id, result }) => id === 7 && result);
    expect(answers).toMatchObject([{ result: { decision: "accept" } }]);
  });

  it.each([
    ["thread/start", (client) => client.codex.startThread(LIMIT)],
    ["thread/fork", (client) => client.codex.forkThread("source", LIMIT)],
  ] satisfies [string, (client: Awaited<ReturnType<typeof scriptedClient>>) => Promise<unknown>][])(
    "to %s has the new thread unsubscribed",
    async (method, call) => {
      await using client = await scriptedClient({ [method]: [[]] });
      await expectTimeout(call(client));

      client.answerLate(method, { thread: { id: "new", status: { type: "idle" } } });
      await settle();
      expect(client.received("thread/unsubscribe")).toMatchObject([
        { params: { threadId: "new" } },
      ]);
      client.runtime.send({ method: "thread/closed", params: { threadId: "new" } });
      await settle();

      expect(client.held()).toEqual([]);
    },
  );

  it("to the resume before a turn does not hold up the next caller", async () => {
    const whole = [
      answer({ turn: turn("turn-1", "inProgress") }),
      itemCompleted(agentMessage("Fine.")),
      turnCompleted(),
    ];
    await using client = await scriptedClient({
      "thread/resume": [[], [answer({ thread: { id: THREAD, status: { type: "idle" } } })]],
      "turn/start": [whole],
    });
    const thread = client.codex.thread(THREAD);
    await expectTimeout(thread.run("One.", LIMIT));

    expect((await thread.run("Two.")).finalResponse).toBe("Fine.");
  });

  it("while its command waits for a slot never has it sent", async () => {
    await using client = await scriptedClient({ "command/exec": [[]] }, { maxInFlightRequests: 1 });
    const first = client.codex.runCommand(["first"]);
    await settle();
    await expectTimeout(client.codex.runCommand(["second"], LIMIT));

    client.answerLate("command/exec", { exitCode: 0, stdout: "", stderr: "" });
    await first;
    await settle();

    expect(client.received("command/exec")).toHaveLength(1);
    expect(client.received("command/exec/terminate")).toEqual([]);
  });
});
