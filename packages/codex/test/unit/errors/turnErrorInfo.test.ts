import type { TurnError } from "@openai/codex-types";
import { describe, expect, it } from "vitest";

import {
  describeTurnError,
  remedyOf,
  toTurnErrorInfo,
  turnErrorCodeOf,
} from "../../../src/errors/turnErrorInfo.js";

const CONNECTION_KINDS = [
  "httpConnectionFailed",
  "responseStreamConnectionFailed",
  "responseStreamDisconnected",
  "responseTooManyFailedAttempts",
];
const STATUSES = [
  [401, "UNAUTHORIZED", /log in/u],
  [429, "RATE_LIMITED", /wait a little/u],
  [503, "SERVER_OVERLOADED", /a little later/u],
] as const;

describe("the remedy of a failed turn", () => {
  it.each(CONNECTION_KINDS)("of %s fits the HTTP status, as its code does", (kind) => {
    for (const [httpStatusCode, code, remedy] of STATUSES) {
      const wire = { [kind]: { httpStatusCode } };
      expect(turnErrorCodeOf(toTurnErrorInfo(wire))).toBe(code);
      expect(remedyOf(wire)).toMatch(remedy);
    }
  });

  it.each(CONNECTION_KINDS)("of %s names the network only without a response", (kind) => {
    expect(remedyOf({ [kind]: { httpStatusCode: null } })).toMatch(/check the network/u);
    expect(remedyOf({ [kind]: { httpStatusCode: 404 } })).toBeUndefined();
  });

  it("is the login for a 401 in the text of a cause without a code, and of no other", () => {
    const wire = { responseStreamDisconnected: { httpStatusCode: null } };
    expect(remedyOf(wire, "unexpected status 401 Unauthorized")).toMatch(/log in/u);
    expect(remedyOf("contextWindowExceeded", "401 tokens too many")).toMatch(/compact/u);
  });
});

it.each([null, 7, "", {}])("a failed turn with the message %o has no reason", (message) => {
  // SAFETY: the runtime sends what it likes.
  const error = { message, codexErrorInfo: null } as unknown as TurnError;
  expect(describeTurnError(error)).toBe("no reason was sent");
});
