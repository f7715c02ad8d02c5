import { describe, expect, it, vi } from "vitest";

import type { ApprovalHandler } from "../../src/index.js";
import { onAbort } from "../../src/internal/abort.js";
import {
  closedBy,
  DEAF,
  type Death,
  expectNoticedInTime,
  expectRefusedAtOnce,
  followHost,
  NOTICED_DEATHS,
  waitForDeath,
} from "../support/crashes.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  describePoint,
  indexOf,
  readTranscript,
  replayScript,
  type Transcript,
  type TranscriptPoint,
} from "../support/transcripts.js";
import { readAll } from "../support/turnEvents.js";

followHost();

const THREAD_ID = "00000000-0000-4000-8000-000000000001";
const COMMAND_ID = "call_1_1";

/** Returns the index of the response to the request of this method. */
function answerTo(transcript: Transcript, method: string): number {
  const request = transcript.find(({ message }) => message.method === method);
  return indexOf(
    transcript,
    ({ from, message }) => from === "runtime" && message.id === request?.message.id,
  );
}

function cross(
  transcript: Transcript,
  points: readonly TranscriptPoint[],
  deaths = NOTICED_DEATHS,
) {
  return points.flatMap((point) =>
    deaths.map((death) => {
      const script = replayScript(transcript, { point, actions: death.actions });
      return [`${death.how} ${describePoint(transcript, point)}`, death, script] as const;
    }),
  );
}

describe.concurrent("a runtime that was asked for a thread", () => {
  const recorded = readTranscript("turn");
  const index = answerTo(recorded, "thread/start");
  const unanswered = [
    { index, where: "before" },
    { index, where: "in" },
  ] as const;
  const answered = [{ index, where: "after" }] as const;

  it.each(cross(recorded, unanswered))(
    "%s: the request is rejected",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const followed = rejectionOf(readAll(fake.codex.notifications()));
      expect(await rejectionOf(fake.codex.startThread())).toMatchObject({
        ...closedBy(death),
        turn: null,
      });
      expect(await followed).toMatchObject(closedBy(death));
      expectNoticedInTime(fake.server);
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each([
    ...cross(recorded, answered, [...NOTICED_DEATHS, DEAF]),
    ...cross(recorded, unanswered, [DEAF]),
  ])("%s: the answer counts, and the next request is rejected", async (_title, death, script) => {
    await using fake = await createFakeCodex(script);
    const thread = await fake.codex.startThread();
    expect(thread.id).toBe(THREAD_ID);
    // Before that, a request is written to nobody, and only the one after it would show that.
    await waitForDeath(fake.server, death);
    expect(await rejectionOf(thread.run("Go."))).toMatchObject({ ...closedBy(death), turn: null });
    await expectRefusedAtOnce(fake.codex, fake.server, death);
  });
});

describe.concurrent("a runtime that waits for an approval", () => {
  const recorded = readTranscript("approvalAccepted");
  const index = indexOf(recorded, ({ message }) => message.method?.endsWith("Approval") === true);
  const asked = { index, where: "after" } as const;
  const answered = { index: index + 2, where: "before" } as const;
  const turn = { threadId: THREAD_ID, items: [expect.objectContaining({ type: "userMessage" })] };

  it.each(cross(recorded, [asked]))(
    "%s: the handler is aborted and the turn is rejected",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const aborted: unknown[] = [];
      const onApproval: ApprovalHandler = (_request, { signal }) =>
        new Promise((resolve) => {
          onAbort(signal, (reason) => {
            aborted.push(reason);
            resolve("accept");
          });
        });
      const thread = await fake.codex.startThread({ onApproval });
      expect(await rejectionOf(thread.run("Go."))).toMatchObject({ ...closedBy(death), turn });
      expectNoticedInTime(fake.server);
      expect(aborted).toMatchObject([{ code: "TRANSPORT_CLOSED" }]);
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each(cross(recorded, [answered]))(
    "%s: the turn is rejected, although it was granted",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const thread = await fake.codex.startThread({ onApproval: () => "accept" });
      expect(await rejectionOf(thread.run("Go."))).toMatchObject({ ...closedBy(death), turn });
      expectNoticedInTime(fake.server);
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each(cross(recorded, [asked], [DEAF]))(
    "%s: the answer ends all waiters",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const onApproval: ApprovalHandler = async () => {
        await waitForDeath(fake.server, death);
        return "accept" as const;
      };
      const thread = await fake.codex.startThread({ onApproval });
      expect(await rejectionOf(thread.run("Go."))).toMatchObject({ ...closedBy(death), turn });
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it("asked about the command that the transcript runs", async () => {
    await using fake = await createFakeCodex(replayScript(recorded));
    const asking: unknown[] = [];
    const thread = await fake.codex.startThread({
      onApproval: (request) => {
        asking.push(request);
        return "accept";
      },
    });
    expect(await thread.run("Go.")).toMatchObject({ status: "completed" });
    expect(asking).toMatchObject([{ kind: "command", itemId: COMMAND_ID }]);
  });
});

describe.concurrent("a runtime that waits for a login", () => {
  const recorded = readTranscript("loginBrowserCancelled");
  const index = answerTo(recorded, "account/login/start");
  const unanswered = [
    { index, where: "before" },
    { index, where: "in" },
  ] as const;
  const waiting = [{ index, where: "after" }] as const;

  it.each(cross(recorded, unanswered))(
    "%s: the start is rejected",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      expect(await rejectionOf(fake.codex.loginChatgpt())).toMatchObject(closedBy(death));
      expectNoticedInTime(fake.server);
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each(cross(recorded, waiting))(
    "%s: all waiters are rejected",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const login = await fake.codex.loginChatgpt();
      const waits = [login.wait(), login.wait()];
      expect(await Promise.all(waits.map(rejectionOf))).toMatchObject(
        waits.map(() => closedBy(death)),
      );
      expectNoticedInTime(fake.server);
      expect(await rejectionOf(login.wait())).toMatchObject(closedBy(death));
      expect(await rejectionOf(login.cancel())).toMatchObject(closedBy(death));
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each(cross(recorded, waiting, [DEAF]))(
    "%s: the cancel ends all waiters",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const login = await fake.codex.loginChatgpt();
      await waitForDeath(fake.server, death);
      const waits = [login.wait(), login.cancel()];
      expect(await Promise.all(waits.map(rejectionOf))).toMatchObject(
        waits.map(() => closedBy(death)),
      );
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );
});

const ALL_DEATHS: readonly Death[] = [...NOTICED_DEATHS, DEAF];

describe.concurrent("a runtime that is closed", () => {
  const recorded = readTranscript("command");
  const untilCommand = recorded.slice(
    0,
    indexOf(recorded, ({ message }) => JSON.stringify(message).includes("commandExecution")) + 1,
  );

  it.each(ALL_DEATHS.map((death) => [death.how, death] as const))(
    "%s as it is asked to end: close() resolves, and all waiters are rejected as closed",
    async (_how, { actions }) => {
      const script = replayScript(untilCommand);
      const on = { ...script.on, "test/unanswered": [] };
      await using fake = await createFakeCodex({ ...script, on, onStdinEnd: actions });
      const { codex, server } = fake;
      const followed = readAll(codex.notifications());
      const thread = await codex.startThread({ sandbox: "danger-full-access" });
      const turn = await thread.turn("Go.");
      const waits = [turn.run(), codex.client.request("test/unanswered", {}), followed];
      const outcomes = Promise.all(waits.map(rejectionOf));
      await vi.waitFor(() => expect(server.received("test/unanswered")).toHaveLength(1));

      await Promise.all([codex.close(), codex.close()]);

      expectNoticedInTime(server);
      expect(await outcomes).toMatchObject(waits.map(() => ({ code: "CLOSED" })));
      expect(await rejectionOf(codex.models())).toMatchObject({ code: "CLOSED" });
      expect(server.starts).toHaveLength(1);
    },
  );

  it.each(ALL_DEATHS.map((death) => [death.how, death] as const))(
    "%s as it is closed during its start: close() resolves, and the start is rejected",
    async (_how, death) => {
      const { actions } = death;
      await using fake = await createFakeCodex({ start: actions, onStdinEnd: actions });
      const starting = rejectionOf(fake.codex.start());
      await waitForDeath(fake.server, death);
      await fake.codex.close();
      expect(await starting).toMatchObject({
        code: expect.stringMatching(/^(?:CLOSED|RUNTIME_EXITED)$/),
      });
      expect(await rejectionOf(fake.codex.start())).toMatchObject({ code: "CLOSED" });
    },
  );
});
