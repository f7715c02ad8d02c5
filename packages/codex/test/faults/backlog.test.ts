import { describe, expect, it } from "vitest";

import { NotificationBacklogError } from "../../src/index.js";
import { SecretMasker } from "../../src/internal/secrets.js";
import { BACKLOG_MERGE_THRESHOLD, NOTIFICATION_BACKLOG_LIMIT } from "../../src/router/backlog.js";
import { NotificationRouter } from "../../src/router/notificationRouter.js";
import { Connection } from "../../src/rpc/connection.js";
import type { NotificationMessage } from "../../src/rpc/message.js";
import { LinkedTransport } from "../support/linkedTransport.js";
import { rejectionOf } from "../support/rejection.js";
import { retainedHeap } from "../support/retainedHeap.js";
import { beginTurn } from "../support/startedTurn.js";
import {
  agentMessage,
  delta,
  itemCompleted,
  notification,
  turn,
  turnCompleted,
} from "../support/wire.js";

const MILLION = 1_000_000;

/** Limit of the memory for so many notifications: their text, and a bounded number of pieces. */
const HEAP_LIMIT_BYTES = 48 * 1024 * 1024;

/** A connection whose notifications are routed, and the runtime's end of it. */
async function openRoutedConnection() {
  const transport = new LinkedTransport();
  const router = new NotificationRouter();
  const connection = new Connection(
    transport,
    {
      onNotification: (message) => router.dispatch(message),
      callsAtOnce: () => false,
      onRequest: () => {},
      onDiagnostic: () => {},
      onClose: (reason) => router.fail(reason),
    },
    new SecretMasker(),
    64,
  );
  await connection.open();
  return { transport, router, connection };
}

function floodText(i: number): string {
  return `${i % 10}`;
}

/** A million deltas of turn-1's one item; `between` is called before each. */
function flood(transport: LinkedTransport, between: (i: number) => void = () => {}): void {
  const [before, after] = JSON.stringify(delta("$")).split("$");
  for (let i = 0; i < MILLION; i += 1) {
    between(i);
    transport.receiveText(`${before}${floodText(i)}${after}`);
  }
}

const floodedText = Array.from({ length: MILLION }, (_, i) => floodText(i)).join("");

function textOf(events: readonly NotificationMessage[]): string {
  return events.map(({ params }) => String(Object(params).delta ?? "")).join("");
}

async function drain(
  events: AsyncIterable<NotificationMessage>,
  seen: NotificationMessage[] = [],
): Promise<NotificationMessage[]> {
  for await (const event of events) seen.push(event);
  return seen;
}

describe("a million deltas of a turn that nobody reads", () => {
  it("cost bounded memory, lose no text, and nothing else is dropped or moved", async () => {
    const { transport, router } = await openRoutedConnection();
    const reader = router.followTurn("thread-1", "turn-1").openReader();
    const before = retainedHeap();
    const marks: number[] = [];
    flood(transport, (i) => {
      if (i % 100_000 !== 50_000) return;
      marks.push(i);
      transport.receive(itemCompleted(agentMessage(`mark ${i}`)));
    });
    expect(retainedHeap() - before).toBeLessThan(HEAP_LIMIT_BYTES);
    transport.receive(turnCompleted());

    const events = await drain(reader);

    expect(textOf(events) === floodedText).toBe(true);
    // What is no text stands where it came: behind so much of the text.
    const seenMarks = events.flatMap(({ method }, index) =>
      method === "item/completed" ? [textOf(events.slice(0, index)).length] : [],
    );
    expect(seenMarks).toEqual(marks);
    expect(events.at(-1)?.method).toBe("turn/completed");
    expect(events.length).toBeLessThanOrEqual(BACKLOG_MERGE_THRESHOLD + 2 * marks.length + 2);
  });

  it("hold up no other turn: each of its events can be read before the next delta comes", async () => {
    const { transport, router } = await openRoutedConnection();
    const unread = router.followTurn("thread-1", "turn-1").openReader();
    const other = router.followTurn("thread-2", "turn-2").openReader();
    const perDelta = 10_000;
    const behind: number[] = [];
    let sent = 0;
    let read = 0;
    const [before, after] = JSON.stringify(delta("$")).split("$");
    for (let i = 0; i < MILLION; i += 1) {
      transport.receiveText(`${before}${floodText(i)}${after}`);
      if (i % perDelta !== 0) continue;
      transport.receive(delta(`${sent}`, "turn-2", "thread-2"));
      sent += 1;
      // oxlint-disable-next-line no-await-in-loop
      const { value } = await other.next();
      if (value?.params !== undefined && textOf([value]) === `${read}`) read += 1;
      behind.push(sent - read);
    }
    expect(new Set(behind)).toEqual(new Set([0]));
    expect(read).toBe(MILLION / perDelta);
    transport.receive(turnCompleted());
    expect(textOf(await drain(unread)) === floodedText).toBe(true);
  });

  it("lose no text to one who reads slowly, a piece for every thousand that come", async () => {
    const { transport, router } = await openRoutedConnection();
    const events = router.followTurn("thread-1", "turn-1").openReader();
    const reading: Promise<IteratorResult<NotificationMessage, undefined>>[] = [];
    flood(transport, (i) => {
      if (i % 1000 === 0) reading.push(events.next());
    });
    transport.receive(turnCompleted());
    const early = (await Promise.all(reading)).flatMap(({ value }) => value ?? []);
    const all = await drain(events, early);
    expect(textOf(all) === floodedText).toBe(true);
    expect(all.length).toBeLessThanOrEqual(reading.length + BACKLOG_MERGE_THRESHOLD + 1);
  });

  it("are folded, too, while the answer to the turn's start is still to come", async () => {
    const { transport, router, connection } = await openRoutedConnection();
    const { pending, claim } = beginTurn(router);
    const claimed: AsyncIterable<NotificationMessage>[] = [];
    const started = connection.request(
      "turn/start",
      {},
      {
        onResult: () => {
          claimed.push(claim("turn-1").events);
        },
        onSettled: () => pending.settle(),
      },
    );
    const before = retainedHeap();
    flood(transport);
    expect(retainedHeap() - before).toBeLessThan(HEAP_LIMIT_BYTES);
    transport.answer(0, { turn: turn("turn-1", "inProgress") });
    transport.receive(turnCompleted());
    await started;
    const [own] = claimed;
    const events = own === undefined ? [] : await drain(own);
    expect(textOf(events) === floodedText).toBe(true);
    expect(events.length).toBeLessThanOrEqual(BACKLOG_MERGE_THRESHOLD + 2);
  });
});

describe("a reader of notifications", () => {
  const news = (n: number) => notification("account/updated", { n });

  it("who does not read is given all that waits, and then an error, not a silent loss", async () => {
    const { transport, router } = await openRoutedConnection();
    const stream = router.subscribe();
    const count = NOTIFICATION_BACKLOG_LIMIT + 1;
    for (let n = 0; n < count + 100; n += 1) transport.receive(news(n));

    const seen: NotificationMessage[] = [];
    const error = await rejectionOf(drain(stream, seen));

    expect(seen.map(({ params }) => Object(params).n)).toEqual([...Array(count).keys()]);
    expect(error).toBeInstanceOf(NotificationBacklogError);
    expect(error).toMatchObject({
      code: "BACKLOG_EXCEEDED",
      limit: NOTIFICATION_BACKLOG_LIMIT,
      message: expect.stringContaining(`more than ${NOTIFICATION_BACKLOG_LIMIT}`),
    });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it("who has just as many to read as may wait loses none", async () => {
    const { transport, router } = await openRoutedConnection();
    const stream = router.subscribe();
    for (let n = 0; n < NOTIFICATION_BACKLOG_LIMIT; n += 1) transport.receive(news(n));
    for (let n = 0; n < NOTIFICATION_BACKLOG_LIMIT; n += 1) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await stream.next()).value?.params).toEqual({ n });
    }
    transport.receive(news(-1));
    expect((await stream.next()).value?.params).toEqual({ n: -1 });
  });

  it("who fell behind costs nothing more, and takes along no other reader and no turn", async () => {
    const { transport, router } = await openRoutedConnection();
    const lazy = router.subscribe();
    const eager = router.subscribe();
    const turnEvents = router.followTurn("thread-1", "turn-1").openReader();
    for (let n = 0; n < NOTIFICATION_BACKLOG_LIMIT + 1; n += 1) {
      transport.receive(news(n));
      // oxlint-disable-next-line no-await-in-loop
      await eager.next();
    }
    const before = retainedHeap();
    for (let n = 0; n < 10 * NOTIFICATION_BACKLOG_LIMIT; n += 1) {
      transport.receive(news(n));
      // oxlint-disable-next-line no-await-in-loop
      expect((await eager.next()).value?.params).toEqual({ n });
    }
    expect(retainedHeap() - before).toBeLessThan(8 * 1024 * 1024);
    expect(lazy.size).toBe(NOTIFICATION_BACKLOG_LIMIT + 1);
    transport.receive(turnCompleted());
    expect(await drain(turnEvents)).toHaveLength(1);
    const again = router.subscribe();
    transport.receive(news(7));
    expect((await again.next()).value?.params).toEqual({ n: 7 });
  });

  it("gets the deltas of one item folded, as one notification each and with all of their text", async () => {
    const { transport, router } = await openRoutedConnection();
    const stream = router.subscribe();
    flood(transport);
    stream.end();
    const events = await drain(stream);
    expect(events).toHaveLength(BACKLOG_MERGE_THRESHOLD);
    expect(textOf(events) === floodedText).toBe(true);
  });
});
