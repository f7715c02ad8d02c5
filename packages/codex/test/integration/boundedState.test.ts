import { describe, expect, it } from "vitest";

import { codexExecServer, type ApprovalHandler, type Thread, tool } from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { addFileCall, escalatedCall } from "../support/approvalScripts.js";
import { inspectorOf } from "../support/inspectorOf.js";
import { rejectionOf } from "../support/rejection.js";
import {
  failure,
  functionCall,
  type Harness,
  message,
  type ModelRequest,
  type ScriptStep,
  startHarness,
} from "../support/testingKit.js";

const ROUNDS = 13;
const MIN_TURNS = 200;
const OBJECTIVE = "Build it to the end.";
/** A command that the handler does not decide about. */
const UNDECIDED = "echo undecided";

/** Maps and buffers that this test does not fill: a login needs a service, and the others the fake's timing. */
const NOT_REACHED = [
  "followedLogins",
  "earlyMessages",
  "inboundMessages",
  "turnsToName",
  "unnamedTurns",
];

/** Plays the model for every turn of the test, by the text of the turn's input. */
function respondTo(harness: Harness): void {
  let calls = 0;
  const callOnce = (request: ModelRequest, call: (id: string) => ScriptStep): ScriptStep[] => {
    calls += 1;
    const hasOutput = request.inputItems().at(-1)?.["type"] === "function_call_output";
    return [hasOutput ? message("Done.") : call(`call_${calls}`)];
  };
  harness.model.respond((request) => {
    // The last thing that a thread does.
    if (request.body.includes(OBJECTIVE)) {
      return callOnce(request, () => functionCall("update_goal", { status: "complete" }));
    }
    switch (request.lastUserText()) {
      case "stay":
        return [harness.model.gate()];
      case "fail":
        return [failure("context_length_exceeded", "Too long.")];
      case "approve":
        return callOnce(request, (id) => escalatedCall("true", id));
      case "wait":
        return callOnce(request, (id) => escalatedCall(UNDECIDED, id));
      case "patch":
        return callOnce(request, (id) => addFileCall(`${id}.txt`, "x", id));
      case "tool":
        return callOnce(request, (callId) => functionCall("look", {}, { callId }));
      default:
        return [message("Hello.")];
    }
  });
}

/** Sixteen turns of a thread, which end in different ways, and are read in different ways. */
async function useThread(
  { codex, workspace }: Harness,
  thread: Thread,
  look: () => void,
  nextUndecided: () => Promise<void>,
): Promise<void> {
  await thread.run("end");
  await codex.runCommand(["echo", "output"], { onOutput: look });
  const updates = ["low", "medium"].map((effort) => thread.updateSettings({ effort }));
  look();
  await Promise.all(updates);
  // Never read.
  await (
    await thread.turn("end")
  ).result;
  const streamed = await thread.turn("end");
  for await (const _event of streamed.stream()) look();
  for await (const _event of (await thread.turn("end", { whenBusy: "queue" })).stream()) break;
  await thread.run("end", { whenBusy: "queue" });
  const left = new AbortController();
  const { signal } = left;
  const abandoned = [
    thread.run("stay", { signal }),
    thread.run("stay", { signal, whenBusy: "steer" }),
  ];
  const queued = thread.run("end", { whenBusy: "queue" });
  // Answered after their callers have left.
  const commands = Array.from({ length: 6 }, () =>
    codex.client.request("command/exec", { command: ["sleep", "0.2"] }, { signal }),
  );
  look();
  await codex.models();
  look();
  left.abort(new Error("left"));
  look();
  await Promise.allSettled([...abandoned, ...commands, queued]);
  for (const input of ["approve", "patch", "tool"]) {
    // oxlint-disable-next-line no-await-in-loop -- a thread has one turn at a time
    await thread.run(input);
  }
  await rejectionOf(thread.run("fail"));
  const isAsked = nextUndecided();
  const undecided = await thread.turn("wait");
  await isAsked;
  await undecided.interrupt();
  await undecided.result;
  await rejectionOf(thread.run("stay", { timeoutMs: 200 }));
  await thread.compact();
  const goal = await thread.startGoal(OBJECTIVE);
  look();
  await goal.result;
  const elsewhere = await thread.turn("end", { environments: [{ id: "box", cwd: workspace }] });
  look();
  await elsewhere.result;
  await thread.archive();
  look();
  await thread.unarchive();
  // Resumes the thread.
  const again = thread.run("end");
  look();
  await again;
}

describe("a client of a runtime", () => {
  it("holds nothing after 200 turns that ended in every way", { timeout: 300_000 }, async () => {
    const most = new Map<string, number>();
    let inspect: () => Readonly<Record<string, number>> = () => ({});
    const look = () => {
      for (const [name, size] of Object.entries(inspect())) {
        most.set(name, Math.max(size, most.get(name) ?? 0));
      }
    };
    let asked = createDeferred<void>();
    const nextUndecided = () => {
      asked = createDeferred<void>();
      return asked.promise;
    };
    const onApproval: ApprovalHandler = (request) => {
      look();
      const isUndecided = request.kind === "command" && request.command?.includes(UNDECIDED);
      if (isUndecided !== true) return "accept";
      asked.resolve();
      return new Promise(() => {});
    };
    const lookAround = tool({
      name: "look",
      description: "Looks.",
      inputSchema: { type: "object", properties: {} },
      execute: () => {
        look();
        return "seen";
      },
    });
    await using harness = await startHarness({
      codex: { maxInFlightRequests: 4, onDiagnostic: look, onApproval, tools: [lookAround] },
    });
    const { codex } = harness;
    await using server = await codexExecServer();
    await codex.addEnvironment({ id: "box", url: server.url, token: server.token });
    respondTo(harness);
    inspect = await inspectorOf(codex);
    const removeListener = codex.client.onNotification(look);
    const notifications = codex.notifications();
    let turns = 0;
    codex.client.onNotification(({ method }) => {
      if (method === "turn/completed") turns += 1;
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one thread after the other
      const thread = await codex.startThread({ sandbox: "read-only" });
      // oxlint-disable-next-line no-await-in-loop
      await useThread(harness, thread, look, nextUndecided);
      // oxlint-disable-next-line no-await-in-loop
      await thread.delete();
    }
    await notifications.return?.();
    removeListener();
    await codex.models();

    expect(turns).toBeGreaterThanOrEqual(MIN_TURNS);
    expect(Object.entries(inspect()).filter(([, size]) => size > 0)).toEqual([]);
    const unused = [...most].filter(([, size]) => size === 0).map(([name]) => name);
    expect(unused.filter((name) => !NOT_REACHED.includes(name))).toEqual([]);
  });
});
