import type { ServerNotification } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import type { Thread } from "../../src/index.js";
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
import type { FakeScript } from "../support/fakeAppServer.js";
import { createFakeCodex, type FakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  describePoint,
  indexOf,
  pointsFrom,
  readTranscript,
  replayScript,
  saidBefore,
  type TranscriptPoint,
} from "../support/transcripts.js";
import { readAll } from "../support/turnEvents.js";

followHost();

const recorded = readTranscript("command");
const turnStart = indexOf(recorded, ({ message }) => message.method === "turn/start");
const points = pointsFrom(recorded, turnStart);

const isCompletedAt = (point: TranscriptPoint) =>
  saidBefore(recorded, point).some(({ method }) => method === "turn/completed");

const cross = (some: readonly TranscriptPoint[], deaths: readonly Death[]) =>
  some.flatMap((point) =>
    deaths.map((death) => {
      // The two ways to read a turn take turns.
      const reads = points.indexOf(point) % 2 === 0 ? run : stream;
      return [`${death.how} ${describePoint(recorded, point)}`, { point, death, reads }] as const;
    }),
  );

async function run(thread: Thread): Promise<readonly ServerNotification[]> {
  await thread.run("Go.");
  return [];
}

async function stream(thread: Thread): Promise<readonly ServerNotification[]> {
  return readAll((await thread.turn("Go.")).stream());
}

const startOptions = { sandbox: "danger-full-access" } as const;

/** Turn as it is known at this point: `null` before it has a name. */
function turnAt(point: TranscriptPoint): unknown {
  const said = saidBefore(recorded, point).slice(saidBefore(recorded, before(turnStart)).length);
  const answer: { turn?: { id: string } } = Object(said.find(({ id }) => id !== undefined)?.result);
  if (answer.turn === undefined) return null;
  const items = said.flatMap(({ method, params }) => {
    const { item }: { item?: { id: string } } = Object(params);
    return method === "item/completed" && item !== undefined ? [item.id] : [];
  });
  return {
    turnId: answer.turn.id,
    items: items.map((id) => expect.objectContaining({ id })),
    threadId: "00000000-0000-4000-8000-000000000001",
  };
}

function before(index: number): TranscriptPoint {
  return { index, where: "before" };
}

/** A client whose turn dies at this point, and all waiters then. */
async function startDoomedTurn(fake: FakeCodex, reads: (thread: Thread) => Promise<unknown>) {
  const { codex } = fake;
  const followed = rejectionOf(readAll(codex.notifications()));
  const thread = await codex.startThread(startOptions);
  const turn = reads(thread);
  const request = rejectionOf(codex.client.request("test/unanswered", {}));
  return { turn, others: Promise.all([request, followed]) };
}

function scriptOf(point: TranscriptPoint, { actions }: Death): FakeScript {
  const script = replayScript(recorded, { point, actions });
  return { ...script, on: { ...script.on, "test/unanswered": [] } };
}

describe.concurrent("a runtime in a recorded turn", () => {
  it.each(
    cross(
      points.filter((point) => !isCompletedAt(point)),
      NOTICED_DEATHS,
    ),
  )("%s: all waiters are rejected what is known", async (_title, { point, death, reads }) => {
    await using fake = await createFakeCodex(scriptOf(point, death));
    const { turn, others } = await startDoomedTurn(fake, reads);

    const error = await rejectionOf(turn);

    expect(await others).toMatchObject([closedBy(death), closedBy(death)]);
    expectNoticedInTime(fake.server);
    expect(error).toMatchObject({ ...closedBy(death), turn: turnAt(point) });
    await expectRefusedAtOnce(fake.codex, fake.server, death);
  });

  it.each(cross(points.filter(isCompletedAt), NOTICED_DEATHS))(
    "%s: the turn counts, and all other waiters are rejected",
    async (_title, { point, death, reads }) => {
      await using fake = await createFakeCodex(scriptOf(point, death));
      const { turn, others } = await startDoomedTurn(fake, reads);

      await turn;

      expect(await others).toMatchObject([closedBy(death), closedBy(death)]);
      expectNoticedInTime(fake.server);
      await expectRefusedAtOnce(fake.codex, fake.server, death);
    },
  );

  it.each(cross(points, [DEAF]))(
    "%s: the turn comes to its end, and the next request ends all",
    async (_title, { point, death, reads }) => {
      await using fake = await createFakeCodex(scriptOf(point, death));
      const { codex, server } = fake;
      const followed = rejectionOf(readAll(codex.notifications()));
      const thread = await codex.startThread(startOptions);

      await reads(thread);
      await waitForDeath(server, death);
      const next = rejectionOf(thread.read());

      expect(await Promise.all([next, followed])).toMatchObject([closedBy(death), closedBy(death)]);
      await expectRefusedAtOnce(codex, server, death);
    },
  );
});

it("and after all of them a new client runs the whole turn", async () => {
  await using fake = await createFakeCodex(replayScript(recorded));
  const thread = await fake.codex.startThread(startOptions);
  expect(await thread.run("Go.")).toMatchObject({ status: "completed", finalResponse: "Done." });
});
