import { afterAll, beforeAll, expect, vi } from "vitest";

import type { Codex } from "../../src/index.js";
import type { FakeAction, FakeAppServer } from "./fakeAppServer.js";
import { exitOfKilled } from "./processes.js";
import { rejectionOf } from "./rejection.js";

/** A way for a runtime to die, and what is known of it afterwards. */
export interface Death {
  readonly how: string;
  readonly actions: readonly FakeAction[];
  readonly exit: { readonly exitCode: number | null; readonly signal: string | null };
}

/** The last that the runtime wrote to stderr. */
export const LAST_WORDS = "last words";

/**
 * Every waiter is rejected after each of these within so many milliseconds: at once, also on a machine that is
 * busy, and well before the time limits of starts and requests.
 */
export const NOTICED_WITHIN_MS = 10_000;

/** The ways that end the runtime, or its output, by which the SDK notices at once. */
export const NOTICED_DEATHS: readonly Death[] = [
  toDeath("exits with 0", [{ exit: 0 }], { exitCode: 0 }),
  toDeath("exits with 1", [{ exit: 1 }], { exitCode: 1 }),
  toDeath("is killed", [{ kill: "SIGKILL" }], exitOfKilled("SIGKILL")),
  // Closing a descriptor has no effect on Windows.
  ...(process.platform === "win32"
    ? []
    : [toDeath("closes its stdout", [{ close: "stdout" }], { exitCode: 0 })]),
];

/**
 * A runtime that reads no more, but lives and writes on. A pipe reports that to its writer with the next
 * write alone. So until then all that comes still counts, and a request that was written just before is
 * not answered: that is what `timeoutMs`, `idleTimeoutMs` and `startTimeoutMs` are for. The next thing
 * that is written (a request, an answer) ends the runtime and all waiters.
 */
export const DEAF: Death = toDeath(
  "closes its stdin",
  [{ close: "stdin" }, { mark: "deaf" }],
  exitOfKilled("SIGTERM"),
);

function toDeath(how: string, actions: FakeAction[], exit: Partial<Death["exit"]>): Death {
  return {
    how,
    actions: [{ stderr: `${LAST_WORDS}\n` }, { mark: "death" }, ...actions],
    exit: { exitCode: null, signal: null, ...exit },
  };
}

/** Expected error of each waiter, in part: its class, and how the runtime ended. */
export function closedBy({ exit }: Death): Record<string, unknown> {
  return {
    name: "TransportClosedError",
    code: "TRANSPORT_CLOSED",
    stderrTail: LAST_WORDS,
    ...exit,
  };
}

/** Waits until the runtime has died in this way: a deaf one until it reads no more. */
export async function waitForDeath(server: FakeAppServer, death: Death): Promise<void> {
  const mark = death === DEAF ? "deaf" : "death";
  await vi.waitFor(() => expect(server.markedAt(mark)).toBeDefined(), { timeout: 5000 });
}

/** The next call neither waits nor starts a second runtime. */
export async function expectRefusedAtOnce(codex: Codex, server: FakeAppServer, death: Death) {
  const refused = rejectionOf(codex.models());
  const late = new Promise((resolve) => setImmediate(() => resolve("too late")));
  expect(await Promise.race([refused, late])).toMatchObject(closedBy(death));
  expect(server.starts).toHaveLength(1);
}

/** Fails when it took too long, since the runtime died, until now. */
export function expectNoticedInTime(server: FakeAppServer): void {
  const waitedMs = Date.now() - (server.markedAt("death") ?? 0);
  expect(waitedMs, "milliseconds from the death until all had heard of it").toBeLessThan(
    NOTICED_WITHIN_MS,
  );
}

/**
 * Fails the file when one of its cases, which may run at the same time, made an uncaught exception or an
 * unhandled rejection, or left a process, a pipe or a timer behind.
 */
export function followHost(): void {
  const faults: unknown[] = [];
  const note = (error: unknown) => faults.push(error);
  let before: Record<string, number>;
  beforeAll(() => {
    process.on("uncaughtException", note);
    process.on("unhandledRejection", note);
    before = openHandles();
  });
  afterAll(async () => {
    // What is closed in this tick is gone in the next.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
    expect({ faults, handles: openHandles() }).toEqual({ faults: [], handles: before });
  });
}

/** Number of each resource that a client of a runtime needs. */
function openHandles(): Record<string, number> {
  const open = process.getActiveResourcesInfo();
  const kinds = ["ProcessWrap", "PipeWrap"];
  return Object.fromEntries(
    kinds.map((kind) => [kind, open.filter((resource) => resource === kind).length]),
  );
}
