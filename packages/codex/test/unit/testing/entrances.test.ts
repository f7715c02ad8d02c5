import { readdir } from "node:fs/promises";

import { describe, expect, it, vi } from "vitest";

import { InvalidOptionError } from "../../../src/errors.js";
import * as testing from "../../../src/testing/index.js";

// A caller without a type checker can pass anything.
type Loose = (...args: unknown[]) => unknown;

const loose = (value: unknown): Loose => value as Loose;

const BAD_CALLS: readonly (readonly [call: string, option: string, run: () => unknown])[] = [
  ["message()", "text", () => loose(testing.message)()],
  ["message(1)", "text", () => loose(testing.message)(1)],
  ["message(lone surrogate)", "text", () => testing.message("\ud800")],
  ["message(…, null)", "options", () => loose(testing.message)("a", null)],
  ["message(…, { ID })", "ID", () => loose(testing.message)("a", { ID: "x" })],
  ["message(…, { id: 1 })", "id", () => loose(testing.message)("a", { id: 1 })],
  ["streamedMessage()", "parts", () => loose(testing.streamedMessage)()],
  ["streamedMessage(text)", "parts", () => loose(testing.streamedMessage)("text")],
  ["streamedMessage([1])", "parts", () => loose(testing.streamedMessage)([1])],
  ["reasoning(null)", "summary", () => loose(testing.reasoning)(null)],
  ["reasoning([1])", "summary[0]", () => loose(testing.reasoning)([1])],
  ["reasoning(…, { content })", "content", () => loose(testing.reasoning)("a", { content: "x" })],
  ["functionCall()", "name", () => loose(testing.functionCall)()],
  ["functionCall(name)", "args", () => loose(testing.functionCall)("name")],
  ["functionCall(name, bigint)", "args", () => testing.functionCall("name", { a: 1n })],
  [
    "functionCall(…, { callid })",
    "callid",
    () => loose(testing.functionCall)("a", {}, { callid: "" }),
  ],
  ["shellCall('')", "command", () => testing.shellCall("")],
  ["shellCall(…, [])", "args", () => loose(testing.shellCall)("ls", [])],
  ["applyPatch()", "changes", () => loose(testing.applyPatch)()],
  ["applyPatch({})", "changes", () => testing.applyPatch({})],
  ["applyPatch(text)", "changes", () => testing.applyPatch("text")],
  ["applyPatch({ a: 1 })", 'changes["a"]', () => loose(testing.applyPatch)({ a: 1 })],
  ["applyPatch(line break)", "changes", () => testing.applyPatch({ "a\nb": "" })],
  ["usage()", "options", () => loose(testing.usage)()],
  ["usage({ inputTokens: -1 })", "inputTokens", () => testing.usage({ inputTokens: -1 })],
  ["usage({ input })", "input", () => loose(testing.usage)({ input: 1 })],
  ["rawSse(1)", "text", () => loose(testing.rawSse)(1)],
  ...[-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "1000"].map(
    (ms) => [`delay(${ms})`, "ms", () => loose(testing.delay)(ms)] as const,
  ),
  ["failure()", "code", () => loose(testing.failure)()],
  ["failure(code)", "text", () => loose(testing.failure)("code")],
  ["httpStatus('x')", "status", () => loose(testing.httpStatus)("x")],
  ["httpStatus(100)", "status", () => testing.httpStatus(100)],
  ["httpStatus(…, { header })", "header", () => loose(testing.httpStatus)(500, { header: {} })],
  [
    "httpStatus(…, { headers: 1 })",
    "headers",
    () => loose(testing.httpStatus)(500, { headers: 1 }),
  ],
  ["startHarness(null)", "options", () => loose(testing.startHarness)(null)],
  ["startHarness({ codx })", "codx", () => loose(testing.startHarness)({ codx: {} })],
  ["startHarness({ codex: 1 })", "codex", () => loose(testing.startHarness)({ codex: 1 })],
  ["startHarness({ config: [] })", "config", () => loose(testing.startHarness)({ config: [] })],
  ["startHarness({ reviews })", "reviews", () => loose(testing.startHarness)({ reviews: "no" })],
  [
    "startHarness({ requiresOpenaiAuth })",
    "requiresOpenaiAuth",
    () => loose(testing.startHarness)({ requiresOpenaiAuth: "yes" }),
  ],
  [
    "startHarness({ chatgptBaseUrl })",
    "chatgptBaseUrl",
    () => loose(testing.startHarness)({ chatgptBaseUrl: 1 }),
  ],
  ["ScriptedModel.start(1)", "options", () => start(1)],
  ["ScriptedModel.start({ review })", "review", () => start({ review: "deny" })],
  ["ScriptedModel.start({ keptRequests: 0 })", "keptRequests", () => start({ keptRequests: 0 })],
];

const start = (options: unknown) =>
  loose(testing.ScriptedModel.start.bind(testing.ScriptedModel))(options);

describe("an entrance of the test kit refuses an argument that cannot work", () => {
  it.each(BAD_CALLS)("%s names %s", async (_call, option, run) => {
    const error = await Promise.resolve()
      .then(run)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, code: "INVALID_OPTION" });
  });

  it.each<readonly [method: keyof testing.ScriptedModel, args: unknown[], option: string]>([
    ["enqueue", ["text"], "steps"],
    ["enqueue", [null], "steps"],
    ["enqueue", [{ kind: "mesage" }], "steps"],
    ["reply", [], "text"],
    ["streamText", [1], "parts"],
    ["callFunction", [""], "name"],
    ["fail", [], "code"],
    ["respond", ["text"], "responder"],
    ["waitForRequests", [-1], "count"],
    ["waitForRequests", [1, { signal: "no" }], "signal"],
    ["waitForRequests", [1, { sginal: undefined }], "sginal"],
  ])("model.%s(%j) names %s", async (method, args, option) => {
    await using model = await testing.ScriptedModel.start();
    const error = await Promise.resolve()
      .then(() => loose(Reflect.get(model, method)).apply(model, args))
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ option, code: "INVALID_OPTION" });
    expect(model.pendingResponses).toBe(0);
  });

  it("startHarness() with a bad option makes no folder", async () => {
    vi.stubEnv("TMPDIR", import.meta.dirname);
    const before = await readdir(import.meta.dirname);

    await expect(loose(testing.startHarness)({ reviews: 1 })).rejects.toThrow("reviews");

    expect(await readdir(import.meta.dirname)).toEqual(before);
    vi.unstubAllEnvs();
  });
});
