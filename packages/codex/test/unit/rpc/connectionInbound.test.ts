import { describe, expect, it } from "vitest";

import { openConnection } from "../../support/openConnection.js";
import { rejectionOf } from "../../support/rejection.js";

/** Lets the messages that wait for the event loop be handled: each waits for one turn at most. */
async function allHandled(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < 6; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("an answer of ours", () => {
  it("is written once, and not at all after the end", async () => {
    const { connection, transport, answers } = await openConnection();
    transport.receive({ id: "a", method: "m" }, { id: "b", method: "m" });
    await allHandled();
    answers[0]?.({ result: 1 });
    answers[0]?.({ result: 2 });
    await connection.close();
    answers[1]?.({ result: 3 });
    expect(transport.sent).toEqual([{ id: "a", result: 1 }]);
  });

  it.each([
    ["half a surrogate pair", { text: "\ud800" }],
    ["a BigInt", { n: 1n }],
  ])("that cannot be written, for %s, is an error in its place", async (_what, result) => {
    const { transport, answers } = await openConnection();
    transport.receive({ id: 5, method: "m" });
    await allHandled();
    answers[0]?.({ result });
    expect(transport.sent).toEqual([
      { id: 5, error: { code: -32603, message: expect.any(String) } },
    ]);
  });
});

it("reports a line that is not a message, and continues", async () => {
  const { transport, log } = await openConnection();
  transport.receiveText("{nope");
  transport.receive({ foo: 1 }, { method: "next" });
  await allHandled();
  expect(log).toEqual([
    ["diagnostic", { kind: "unparsableLine", text: "{nope" }],
    ["diagnostic", { kind: "unparsableLine", text: '{"foo":1}' }],
    ["notification", "next"],
  ]);
});

it("fails a request whose response line is damaged, as no other response will come", async () => {
  const { connection, transport } = await openConnection();
  const request = connection.request("a/b", {});
  transport.receiveText('{"id":1,"result":{"cut off');
  expect(await rejectionOf(request)).toMatchObject({ code: "PROTOCOL" });
});

it("reports a message whose handling fails, and handles the rest of its chunk", async () => {
  const { transport, log } = await openConnection();
  transport.receive({ method: "bad" }, { method: "next" });
  await allHandled();
  expect(log).toEqual([
    ["diagnostic", { kind: "unreadableMessage", method: "bad", error: new Error("bad") }],
    ["notification", "next"],
  ]);
});
