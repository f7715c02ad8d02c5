import type { ServerNotification } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import { CodexClosedError } from "../../src/errors.js";
import { Codex, type Thread } from "../../src/index.js";
import type { WireMessage } from "../support/fakeAppServer.js";
import { asOneTurn, type Implied, impliedBy, notificationsOf } from "../support/impliedResults.js";
import { type Delivery, RecordingPlayer } from "../support/recordingPlayer.js";
import { type Act, readRecordings, type Recording } from "../support/recordings.js";

const SEED = Number(process.env["CODEX_PROPERTY_SEED"] ?? "20270");
const LIMIT_MS = 10_000;

interface Way {
  readonly name: string;
  readonly delivery: Delivery;
  /** True if the consumer starts to read after everything has come. */
  readonly isLate: boolean;
}

const WAYS: readonly Way[] = [
  { name: "line by line", delivery: "lines", isLate: false },
  { name: "in one chunk", delivery: "chunk", isLate: false },
  { name: `split at random bytes (seed ${SEED})`, delivery: "bytes", isLate: false },
  { name: "in one chunk, with a late consumer", delivery: "chunk", isLate: true },
];

describe.each(readRecordings())("the recording $name", (recording) => {
  const expected = recording.acts.map((act) => impliedBy(act, recording));
  const others = [
    ...notificationsOf(recording.prologue),
    ...expected.flatMap((implied) => implied.others),
  ];

  it.each(WAYS)(
    "gives the implied results when it is played $name",
    async (way) => {
      const played = await play(recording, way, readResult);
      expect(played.acts).toEqual(expected.map(({ result }) => result && containing(result)));
      expect(played.others).toEqual(others);
    },
    LIMIT_MS,
  );

  it.each(WAYS)(
    "gives every notification to one reader, once and in order, when it is played $name",
    async (way) => {
      const played = await play(recording, way, readEvents);
      expect(played.acts).toEqual(
        recording.acts.map((act, index) => eventsOf(act, expected[index])),
      );
      expect(played.others).toEqual(others);
    },
    LIMIT_MS,
  );

  it("gives the low-level client every response and notification, once and in order", async () => {
    using player = new RecordingPlayer(recording, "bytes", SEED);
    const { client } = new Codex(optionsFor(recording, player));
    const seen: ServerNotification[] = [];
    const reading = readInto(seen, client.notifications());
    await client.start();
    if (recording.acts.length === 0) player.playPrologue();
    for (const { method, params, lines } of recording.acts) {
      const response = lines.find(({ kind }) => kind === "response");
      // oxlint-disable-next-line no-await-in-loop
      expect(await client.request(method as string, params)).toEqual(
        response?.kind === "response" ? response.message.result : {},
      );
      // oxlint-disable-next-line no-await-in-loop
      await player.played();
    }
    await player.played();
    await client.close();
    await reading;
    const lines = [...recording.prologue, ...recording.acts.flatMap((act) => act.lines)];
    expect(seen).toEqual(notificationsOf(lines));
  });
});

/** Reads what one act brings to its handle. */
type Reader = (act: Act, opened: Opened) => Promise<unknown>;

/** Result of the high-level call of an act. */
type Opened =
  | { readonly kind: "handle"; readonly handle: ReadableTurn }
  | { readonly kind: "result"; readonly result: Promise<unknown> }
  | { readonly kind: "login"; readonly completion: () => Promise<unknown> };

interface ReadableTurn {
  stream(): AsyncIterable<ServerNotification>;
  run(): Promise<object>;
}

async function play(recording: Recording, way: Way, read: Reader) {
  using player = new RecordingPlayer(recording, way.delivery, SEED);
  const codex = new Codex(optionsFor(recording, player));
  const others: ServerNotification[] = [];
  const notifications = codex.notifications();
  const reading = way.isLate ? undefined : readInto(others, notifications);
  const acts: unknown[] = [];
  await codex.start();
  if (recording.acts.length === 0) player.playPrologue();
  let thread: Thread | undefined;
  for (const act of recording.acts) {
    // One act after the other, as they were recorded.
    // oxlint-disable no-await-in-loop
    if (act.method !== "account/login/start") thread ??= await codex.startThread();
    const opened = await open(act, codex, thread);
    if (way.isLate) await player.played();
    acts.push(await read(act, opened));
    // oxlint-enable no-await-in-loop
  }
  await player.played();
  await codex.close();
  await (reading ?? readInto(others, notifications));
  expectAnswers(recording, player, way);
  return { acts, others };
}

async function open(act: Act, codex: Codex, thread: Thread | undefined): Promise<Opened> {
  if (act.method === "account/login/start") return openLogin(act, codex);
  if (thread === undefined) throw new Error(`${act.method} needs a thread`);
  switch (act.method) {
    case "turn/start":
      return { kind: "handle", handle: await thread.turn("Go.") };
    case "thread/goal/set":
      return { kind: "handle", handle: await thread.startGoal("Build it.") };
    case "review/start": {
      const target = { type: "custom", instructions: "Look for mistakes." } as const;
      return { kind: "handle", handle: await codex.review(thread.id, { target }) };
    }
    case "thread/compact/start":
      return { kind: "result", result: thread.compact() };
  }
}

async function openLogin({ params }: Act, codex: Codex): Promise<Opened> {
  const { type } = Object(params);
  if (type === "apiKey") {
    await codex.loginApiKey("sk-of-no-use");
    return { kind: "login", completion: () => Promise.resolve(undefined) };
  }
  const login = await codex.loginChatgpt();
  return { kind: "login", completion: () => login.wait() };
}

async function readResult(_act: Act, opened: Opened): Promise<unknown> {
  switch (opened.kind) {
    case "login":
      await opened.completion();
      return undefined;
    case "result":
      return opened.result;
    case "handle":
      return opened.handle.run().catch((error: unknown) => {
        // A failed turn rejects, with its whole result in the error.
        const { result } = Object(error);
        if (result === undefined) throw error;
        return result;
      });
  }
}

async function readEvents(_act: Act, opened: Opened): Promise<unknown> {
  switch (opened.kind) {
    case "login":
      return opened.completion();
    case "result":
      return opened.result;
    case "handle": {
      const events: ServerNotification[] = [];
      for await (const event of opened.handle.stream()) events.push(event);
      return events;
    }
  }
}

/** Expected result of `readEvents`. */
function eventsOf(act: Act, implied: Implied | undefined): unknown {
  if (implied === undefined) throw new Error("the act was not looked at");
  switch (act.method) {
    case "turn/start":
    case "review/start":
      return implied.own;
    case "thread/goal/set":
      return asOneTurn(implied.own).map(withoutGoalTotals);
    case "thread/compact/start":
      return implied.result && containing(implied.result);
    case "account/login/start":
      return implied.own[0]?.params;
  }
}

/** The end of a goal sums up its turns: only the facts of the last one are implied. */
function withoutGoalTotals(message: WireMessage): unknown {
  return message.method === "turn/completed" ? containing({ method: message.method }) : message;
}

/** Allows members that the messages do not determine, such as `output`. */
function containing(result: object): unknown {
  return expect.objectContaining(result);
}

function optionsFor(recording: Recording, player: RecordingPlayer) {
  return {
    ...player.runtime.options,
    onServerRequest: ({ id }: { readonly id: unknown }) => recording.answers.get(id),
  };
}

/** Reads until the client is closed. */
async function readInto(
  seen: ServerNotification[],
  notifications: AsyncIterable<ServerNotification>,
): Promise<void> {
  try {
    for await (const notification of notifications) seen.push(notification);
  } catch (error) {
    if (!(error instanceof CodexClosedError)) throw error;
  }
}

/**
 * Each request of the runtime gets the recorded answer once; a request that the runtime resolves in the
 * chunk that asks it may stay without one.
 */
function expectAnswers({ answers }: Recording, player: RecordingPlayer, way: Way): void {
  const given = player.answers.map(({ id, result }) => [id, result]);
  const recorded = [...answers];
  if (way.delivery === "lines") expect(given).toEqual(recorded);
  else for (const answer of given) expect(recorded).toContainEqual(answer);
  expect(new Set(given.map(([id]) => id)).size, "requests with an answer").toBe(given.length);
}
