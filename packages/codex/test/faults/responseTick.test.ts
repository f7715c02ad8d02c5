import { describe, expect, it, vi } from "vitest";

import { Codex, ThreadBusyError } from "../../src/index.js";
import { rejectionOf } from "../support/rejection.js";
import { scriptedRuntime } from "../support/scriptedPlay.js";
import { agentMessage, itemCompleted, turnCompleted } from "../support/wire.js";

// The rule: what a response determines is in force before the next message of its chunk is handled.

const THREAD = "thread-1";
const RUNNING = { id: "turn-1", status: "inProgress", items: [] };
const APPROVAL = "item/commandExecution/requestApproval";

const response = (status: string, turns: readonly object[] = []) => ({
  id: "$id",
  result: { thread: { id: THREAD, status: { type: status }, turns } },
});
const idle = {
  method: "thread/status/changed",
  params: { threadId: THREAD, status: { type: "idle" } },
};
const approval = {
  id: 7,
  method: APPROVAL,
  params: { threadId: THREAD, turnId: "turn-1", itemId: "item-1", command: "ls" },
};
const turnStart = [
  { id: "$id", result: { turn: { id: "turn-2" } } },
  itemCompleted(agentMessage("Fine."), "turn-2", THREAD),
  turnCompleted("turn-2", THREAD),
];

const OPENINGS = [
  ["thread/start", (codex: Codex) => codex.startThread({ onApproval: () => "accept" })],
  ["thread/resume", (codex: Codex) => codex.resumeThread(THREAD, { onApproval: () => "accept" })],
  ["thread/fork", (codex: Codex) => codex.forkThread("source", { onApproval: () => "accept" })],
] as const;

function start(script: Parameters<typeof scriptedRuntime>[0]) {
  const runtime = scriptedRuntime({ "turn/start": [turnStart], ...script });
  const codex = new Codex(runtime.options);
  return {
    codex,
    runtime,
    async [Symbol.asyncDispose]() {
      await codex.close();
      runtime[Symbol.dispose]();
    },
  };
}

describe("a response that opens a thread, in one chunk with the messages behind it", () => {
  const methods = [
    ...OPENINGS,
    ["thread/unarchive", (codex: Codex) => codex.unarchiveThread(THREAD)] as const,
  ];
  // A thread that is brought back is not loaded: its first turn resumes it.
  const script = (method: string, ...messages: readonly object[]) => ({
    [method]: [messages],
    ...(method === "thread/unarchive" ? { "thread/resume": [messages] } : {}),
  });
  for (const [method, open] of methods) {
    it(`${method}: the end of the active turn behind it leaves the thread free`, async () => {
      await using at = start(
        script(method, response("active", [RUNNING]), idle, turnCompleted("turn-1", THREAD)),
      );
      const thread = await open(at.codex);
      expect(await thread.run("Go.")).toMatchObject({ finalResponse: "Fine." });
    });

    it(`${method}: a turn that its history calls running does not make an idle thread busy`, async () => {
      await using at = start(script(method, response("idle", [RUNNING])));
      const thread = await open(at.codex);
      expect(await thread.run("Go.")).toMatchObject({ finalResponse: "Fine." });
    });

    it(`${method}: an active thread is busy, with the name of its last turn`, async () => {
      const turns = [{ ...RUNNING, id: "killed" }, RUNNING];
      await using at = start(script(method, response("active", turns)));
      const thread = await open(at.codex);
      const error = await rejectionOf(thread.run("Go."));
      expect(error).toBeInstanceOf(ThreadBusyError);
      expect(error).toMatchObject({ activeTurnId: "turn-1" });
    });

    it(`${method}: an active thread without turns is named by a list of them`, async () => {
      const list = [{ id: "$id", result: { data: [RUNNING], nextCursor: null } }];
      await using at = start({
        ...script(method, response("active")),
        "thread/turns/list": [list, list],
      });
      const thread = await open(at.codex);
      expect(await rejectionOf(thread.run("Go."))).toMatchObject({ activeTurnId: "turn-1" });
    });
  }

  for (const [method, open] of OPENINGS) {
    it.each([
      ["behind it", [response("active", [RUNNING]), approval]],
      ["behind a notification", [response("active", [RUNNING]), idle, approval]],
      ["before a notification", [response("active", [RUNNING]), approval, idle]],
    ])(`${method}: a request for approval %s reaches the new handler`, async (_where, messages) => {
      await using at = start({ [method]: [messages] });
      await open(at.codex);
      await vi.waitFor(() => {
        const answers = at.runtime.received.filter((message) => message.id === 7);
        expect(answers).toMatchObject([{ result: { decision: "accept" } }]);
      });
    });
  }
});

it("a thread that the low-level client has resumed is busy with its active turn, by name", async () => {
  const list = [{ id: "$id", result: { data: [RUNNING], nextCursor: null } }];
  await using at = start({ "thread/resume": [[response("active")]], "thread/turns/list": [list] });
  await at.codex.client.request("thread/resume", { threadId: THREAD });
  await vi.waitFor(() => {
    expect(at.runtime.received.at(-1)).toMatchObject({ method: "thread/turns/list" });
  });

  const error = await rejectionOf(at.codex.thread(THREAD).run("Go."));
  expect(error).toMatchObject({ code: "THREAD_BUSY", activeTurnId: "turn-1" });
});

describe("a response that starts a turn, in one chunk with the messages behind it", () => {
  it.each([
    ["turn/start", (codex: Codex, id: string) => codex.startThread().then((t) => t.run(id))],
    [
      "review/start",
      async (codex: Codex, instructions: string) => {
        const { id } = await codex.startThread();
        const target = { type: "custom", instructions } as const;
        return (await codex.review(id, { target })).result;
      },
    ],
  ])("%s: nothing of the turn is lost", async (method, run) => {
    await using at = start({ "thread/start": [[response("idle")]], [method]: [turnStart] });
    expect(await run(at.codex, "Go.")).toMatchObject({ id: "turn-2", finalResponse: "Fine." });
  });

  it("thread/compact/start: nothing of the turn is lost", async () => {
    const started = {
      method: "turn/started",
      params: { threadId: THREAD, turn: { id: "turn-2" } },
    };
    await using at = start({
      "thread/start": [[response("idle")]],
      "thread/compact/start": [
        [{ id: "$id", result: {} }, started, turnCompleted("turn-2", THREAD)],
      ],
    });
    const thread = await at.codex.startThread();
    expect(await thread.compact()).toMatchObject({ id: "turn-2", status: "completed" });
  });
});
