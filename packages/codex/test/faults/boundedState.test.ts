import { expect, it } from "vitest";

import { Codex, type Thread, tool } from "../../src/index.js";
import { BusyRuntime } from "../support/busyRuntime.js";
import { inspectorOf } from "../support/inspectorOf.js";
import { rejectionOf } from "../support/rejection.js";
import { retainedHeap } from "../support/retainedHeap.js";

const THREADS = 1000;
/** Limit of the growth of the heap in the second half of the turns, as the memory of the engine itself varies. */
const MAX_GROWTH_BYTES = 4 * 1024 * 1024;

/** Ten turns of a thread, which end in different ways, and are read in different ways. */
async function useThread(codex: Codex, thread: Thread, look: () => void): Promise<void> {
  await thread.run("end");
  // Never read.
  await (
    await thread.turn("end")
  ).result;
  const left = new AbortController();
  const abandoned = [
    rejectionOf(thread.run("stay", { signal: left.signal })),
    ...Array.from({ length: 6 }, () =>
      rejectionOf(codex.client.request("never", {}, { signal: left.signal })),
    ),
  ];
  const queued = thread.run("end", { whenBusy: "queue" });
  look();
  await codex.models();
  look();
  left.abort(new Error("left"));
  await Promise.all([...abandoned, queued]);
  for (const input of ["approve", "patch", "tool"]) {
    // oxlint-disable-next-line no-await-in-loop -- a thread has one turn at a time
    await thread.run(input);
  }
  const elsewhere = await thread.turn("end", { environments: [{ id: "box", cwd: "/box" }] });
  look();
  await elsewhere.result;
  const streamed = await thread.turn("end");
  for await (const _event of streamed.stream()) look();
  await thread.compact();
  const goal = await thread.startGoal("Build it");
  look();
  await goal.result;
  look();
  await thread.unload();
  look();
  await thread.updateSettings({ model: "m" });
  await thread.unload();
  await thread.delete();
}

it(
  "leaves every map and buffer empty after 10,000 turns over 1,000 threads that ended in every way",
  { timeout: 300_000 },
  async () => {
    using runtime = new BusyRuntime();
    const most = new Map<string, number>();
    let inspect: () => Readonly<Record<string, number>> = () => ({});
    const look = () => {
      for (const [name, size] of Object.entries(inspect())) {
        most.set(name, Math.max(size, most.get(name) ?? 0));
      }
    };
    await using codex = new Codex({
      ...runtime.options,
      maxInFlightRequests: 4,
      onDiagnostic: look,
      onApproval: () => {
        look();
        return "accept";
      },
      tools: [
        tool({
          name: "look",
          description: "Looks.",
          inputSchema: { type: "object", properties: {} },
          execute: () => {
            look();
            return "seen";
          },
        }),
      ],
    });
    inspect = await inspectorOf(codex);
    codex.client.onNotification(look);
    const notifications = codex.notifications();
    const login = await codex.loginChatgpt();
    look();
    await login.cancel();
    await login.wait();
    await notifications.return?.();
    const stored = codex.thread("stored");
    const resumed = stored.run("end");
    look();
    await resumed;
    await stored.delete();
    await (await codex.resumeThread("active")).delete();
    await codex.runCommand(["true"]);
    let middle = 0;
    for (let i = 0; i < THREADS; i += 1) {
      if (i === THREADS / 2) middle = retainedHeap();
      // oxlint-disable-next-line no-await-in-loop -- one thread after the other
      await useThread(codex, await codex.startThread(), look);
    }
    runtime.answerLate();
    await codex.client.request("any", {});

    expect(Object.entries(inspect()).filter(([, size]) => size > 0)).toEqual([]);
    expect(retainedHeap() - middle).toBeLessThan(MAX_GROWTH_BYTES);
    // Each of them was in use at some time, or its emptiness would show nothing.
    expect([...most].filter(([, size]) => size === 0)).toEqual([]);
  },
);
