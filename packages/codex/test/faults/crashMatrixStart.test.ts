import { describe, expect, it } from "vitest";

import {
  closedBy,
  DEAF,
  type Death,
  expectNoticedInTime,
  followHost,
  LAST_WORDS,
  NOTICED_DEATHS,
  waitForDeath,
} from "../support/crashes.js";
import type { FakeScript } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  describePoint,
  pointsFrom,
  readTranscript,
  replayScript,
  type TranscriptPoint,
} from "../support/transcripts.js";
import { readAll } from "../support/turnEvents.js";

followHost();

const recorded = readTranscript("handshake");
const ANSWER = 1;
const points = pointsFrom(recorded, 0);

type Case = readonly [title: string, script: (death: Death) => FakeScript];

function playedUntil(point: TranscriptPoint): Case {
  const script = ({ actions }: Death) => replayScript(recorded, { point, actions });
  return [describePoint(recorded, point), script];
}

const isAnsweredAt = ({ index, where }: TranscriptPoint) => index > ANSWER || where === "after";

const UNANSWERED: readonly Case[] = [
  ["before it has read anything", ({ actions }) => ({ start: actions })],
  ...points.filter((point) => !isAnsweredAt(point)).map(playedUntil),
];
const ANSWERED: readonly Case[] = points.filter(isAnsweredAt).map(playedUntil);

const cross = (cases: readonly Case[], deaths: readonly Death[]) =>
  cases.flatMap(([when, script]) =>
    deaths.map((death) => [`${death.how} ${when}`, death, script(death)] as const),
  );

/** Outcome of a call that waited for the start. */
const startFailure = (death: Death) => ({
  ...closedBy(death),
  name: "CodexStartError",
  code: "RUNTIME_EXITED",
});

describe.concurrent("a runtime that is started", () => {
  it.each([
    ...cross(UNANSWERED, NOTICED_DEATHS),
    // It could not be told that it had been understood, which is how its closed stdin is noticed.
    ...cross(UNANSWERED.slice(1), [DEAF]),
  ])("%s: every waiter of it gets the reason", async (_title, death, script) => {
    await using fake = await createFakeCodex(script);
    const { codex, server } = fake;
    const followed = rejectionOf(readAll(codex.notifications()));

    const waiting = [codex.start(), codex.startThread(), codex.client.notify("initialized")];

    expect(await Promise.all(waiting.map(rejectionOf))).toMatchObject(
      waiting.map(() => startFailure(death)),
    );
    expectNoticedInTime(server);
    expect(() => codex.metadata).toThrow("await start() first");
    expect(server.starts).toHaveLength(1);
    // It has started the runtime itself, and gets the reason, too.
    expect(await followed).toMatchObject(startFailure(death));
    await codex.close();
  });

  it("closes its stdin before it has read anything: the start times out, and its error has the reason", async () => {
    // Long enough for a process to start and write its last words on a busy machine.
    const options = { startTimeoutMs: 5000, closeTimeoutMs: 200 };
    await using fake = await createFakeCodex({ start: DEAF.actions }, options);
    const waiting = [fake.codex.start(), fake.codex.startThread()];
    expect(await Promise.all(waiting.map(rejectionOf))).toMatchObject(
      waiting.map(() => ({ code: "START_TIMEOUT", exitCode: null, stderrTail: LAST_WORDS })),
    );
  });

  // The start may be over, or just not: each who waits gets the one reason or the other.
  it.each(cross(ANSWERED, [...NOTICED_DEATHS, DEAF]))(
    "%s: whoever calls gets the reason",
    async (_title, death, script) => {
      await using fake = await createFakeCodex(script);
      const { codex, server } = fake;
      const followed = rejectionOf(readAll(codex.notifications()));

      const failed = await codex.start().then(
        () => null,
        (error: unknown) => error,
      );
      await waitForDeath(server, death);
      const error = failed ?? (await rejectionOf(codex.startThread()));
      if (death !== DEAF) expectNoticedInTime(server);
      await codex.close();

      expect(error).toMatchObject(failed === null ? closedBy(death) : startFailure(death));
      expect(await followed).toMatchObject(
        failed === null ? { code: "TRANSPORT_CLOSED" } : startFailure(death),
      );
      expect(server.starts).toHaveLength(1);
    },
  );
});

it("and after all of them a new client starts", async () => {
  await using fake = await createFakeCodex(replayScript(recorded));
  await fake.codex.start();
  expect(fake.codex.metadata).toMatchObject({ codexHome: "/harness/codex-home" });
});
