import { describe, expect, it } from "vitest";

import {
  loginIdOf,
  rootTurnIdOf,
  statusTypeOf,
  threadIdOf,
  turnIdOf,
} from "../../../src/router/routingKeys.js";

describe("the keys by which a notification is routed", () => {
  it.each([
    [{ turnId: "a" }, "a"],
    [{ turn: { id: "b" } }, "b"],
    [{ turnId: "a", turn: { id: "b" } }, "a"],
    [{ turnId: 7, turn: { id: "b" } }, "b"],
    [{ turn: { id: null } }, undefined],
    [{ turn: "b" }, undefined],
    [{}, undefined],
    [undefined, undefined],
    [["turnId"], undefined],
  ])("the turn of %j is %s", (params, turnId) => {
    expect(turnIdOf(params)).toBe(turnId);
  });

  it("the thread is named directly or nested, the rest where they stand", () => {
    expect([
      threadIdOf({ threadId: "t" }),
      threadIdOf({ thread: { id: "u" } }),
      threadIdOf(null),
      rootTurnIdOf({ turn: { id: "a", rootTurnId: "r" } }),
      rootTurnIdOf({ turn: null }),
      loginIdOf({ loginId: "l" }),
      loginIdOf({ loginId: null }),
      statusTypeOf({ status: { type: "idle" } }),
      statusTypeOf({ status: "idle" }),
      statusTypeOf("idle"),
    ]).toEqual(["t", "u", undefined, "r", undefined, "l", undefined, "idle", undefined, undefined]);
  });
});
