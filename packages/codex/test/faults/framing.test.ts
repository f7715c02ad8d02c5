import { describe, expect, it } from "vitest";

import type { ServerNotification } from "../../src/types.js";
import { type FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  delta,
  itemCompleted,
  itemStarted,
  sends,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

/** Returns the events of a turn that the fake plays so, and what the hooks received. */
async function playTurn(actions: readonly FakeAction[]) {
  await using fake = await createFakeCodex({
    on: { "thread/start": answersThread, "turn/start": actions },
  });
  const thread = await fake.codex.startThread();
  const events: ServerNotification[] = [];
  for await (const event of (await thread.turn("go")).stream()) events.push(event);
  return { events, diagnostics: fake.diagnostics };
}

function says(text: string): { readonly method: string; readonly params: unknown }[] {
  return [turnStarted(), delta(text), itemCompleted(agentMessage(text)), turnCompleted()];
}

describe("framing", () => {
  it("takes U+2028 and U+2029 for text", async () => {
    const text = "a\u2028b\u2029c";
    const raw = says(text).map((message) => ({ raw: `${JSON.stringify(message)}\n` }));
    expect(raw.some(({ raw: line }) => line.includes(text))).toBe(true);
    expect(await playTurn([answersTurn, ...raw])).toEqual({ events: says(text), diagnostics: [] });
  });

  it("keeps characters whose bytes come one by one", async () => {
    const text = "é漢🙂";
    const split: FakeAction = { split: sends(delta(text)), every: 1 };
    const { events } = await playTurn([answersTurn, split, ...sends(turnCompleted())]);
    expect(events).toEqual([delta(text), turnCompleted()]);
  });

  it.each([0, 1, 2])(
    "keeps a character that straddles the chunk of a pipe, with %d bytes before",
    async (before) => {
      const text = "x".repeat(before) + "漢".repeat(70_000);
      const { events, diagnostics } = await playTurn([
        answersTurn,
        ...sends(delta(text), turnCompleted()),
      ]);
      expect([events, diagnostics]).toEqual([[delta(text), turnCompleted()], []]);
    },
  );

  it("reports lines that are not messages, and loses no message", async () => {
    const junk = ["WARN plugin cache rebuilt", "[1,2]", '"x"', "{broken", "{}"];
    const [started, ...rest] = says("fine");
    const { events, diagnostics } = await playTurn([
      answersTurn,
      ...sends(started),
      ...junk.map((line) => ({ raw: `${line}\n` })),
      ...sends(...rest),
    ]);
    expect(events).toEqual(says("fine"));
    expect(diagnostics).toEqual(junk.map((text) => ({ kind: "unparsableLine", text })));
  });

  it("breaks lines at a line feed alone, and takes CRLF and blank lines", async () => {
    const text = 'tool:\n\r\n"q"\u0085\u000b\f\u001c\u001d end';
    const raw = says(text).map((message) => `${JSON.stringify(message)}\r\n\r\n \n`);
    const { events, diagnostics } = await playTurn([answersTurn, { raw: raw.join("") }]);
    expect([events, diagnostics]).toEqual([says(text), []]);
  });

  it("takes a last line without a line feed, once", async () => {
    const last = JSON.stringify(turnCompleted());
    const { events } = await playTurn([answersTurn, { raw: last }, { exit: 0 }]);
    expect(events).toEqual([turnCompleted()]);
  });

  it("loses nothing of a turn that comes in one chunk, before or behind the answer", async () => {
    const whole = [
      turnStarted(),
      itemStarted(agentMessage("")),
      delta("Hi"),
      itemCompleted(agentMessage("Hi")),
      turnCompleted(),
    ];
    for (const together of [
      [...sends(...whole), answersTurn],
      [answersTurn, ...sends(...whole)],
      [...sends(...whole.slice(0, 2)), answersTurn, ...sends(...whole.slice(2))],
    ]) {
      // One runtime after the other, on two cores.
      // oxlint-disable-next-line no-await-in-loop
      const { events, diagnostics } = await playTurn([{ together }]);
      expect([events, diagnostics]).toEqual([whole, []]);
    }
  });

  it("takes a line of 20 MB", async () => {
    const size = 20 * 1024 * 1024;
    const { events } = await playTurn([
      answersTurn,
      { huge: delta("$huge"), bytes: size, character: "x" },
      ...sends(turnCompleted()),
    ]);
    expect(events).toHaveLength(2);
    expect(events[0]).toEqual(delta("x".repeat(size)));
  });

  it("keeps every delta of a flood, in order", async () => {
    const { events } = await playTurn([
      answersTurn,
      { repeat: delta("$i,"), times: 20_000 },
      ...sends(turnCompleted()),
    ]);
    const text = events
      .map(({ params }) => (params as { readonly delta?: string }).delta ?? "")
      .join("");
    expect(text).toBe(Array.from({ length: 20_000 }, (_, i) => `${i},`).join(""));
  });

  it("is not held up by a flood of stderr, of which it keeps the end", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [{ stderr: `${"e".repeat(99)}\n`, times: 20_000 }, ...wholeTurn("ok")],
      },
    });
    const thread = await fake.codex.startThread();
    expect((await thread.run("go")).finalResponse).toBe("ok");
  });
});
