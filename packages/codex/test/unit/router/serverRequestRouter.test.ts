import { describe, expect, it, vi } from "vitest";

import { toDefaultResponse } from "../../../src/client/defaultResponses.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { ServerRequestRouter } from "../../../src/router/serverRequestRouter.js";
import type { Answer } from "../../../src/rpc/connectionListener.js";
import type { RequestId, RequestMessage } from "../../../src/rpc/message.js";

const COMMAND = "item/commandExecution/requestApproval";

function request(id: RequestId, method = COMMAND): RequestMessage {
  return { id, method, params: { id } };
}

function newRouter() {
  const errors: unknown[] = [];
  const router = new ServerRequestRouter(toDefaultResponse, (error, { method }) =>
    errors.push([method, error]),
  );
  const answers: [RequestId, Answer][] = [];
  const ask = (message: RequestMessage) =>
    router.dispatch(message, (answer) => answers.push([message.id, answer]));
  return { router, ask, answers, errors };
}

/** Lets everything that is only waiting for promises run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("ServerRequestRouter", () => {
  it.each([
    [COMMAND, { result: { decision: "decline" } }],
    ["item/fileChange/requestApproval", { result: { decision: "decline" } }],
    ["item/permissions/requestApproval", { result: { permissions: {}, scope: "turn" } }],
    ["item/tool/requestUserInput", { result: { answers: {} } }],
    [
      "mcpServer/elicitation/request",
      { result: { action: "decline", content: null, _meta: null } },
    ],
    ["item/tool/call", { result: { success: false, contentItems: [expect.anything()] } }],
    ["applyPatchApproval", { result: { decision: { denied: expect.anything() } } }],
    ["execCommandApproval", { result: { decision: { denied: expect.anything() } } }],
    ["account/chatgptAuthTokens/refresh", { error: { code: -32601, message: expect.any(String) } }],
    ["future/newThing", { error: { code: -32601, message: expect.any(String) } }],
    ["toString", { error: { code: -32601, message: expect.any(String) } }],
  ])("answers %s without a handler, and grants nothing", async (method, expected) => {
    const { ask, answers } = newRouter();
    ask(request(1, method));
    await settle();
    expect(answers).toEqual([[1, expected]]);
  });

  it("asks the method's own handler, then the general ones in order, and passes undefined on", async () => {
    const { router, ask, answers } = newRouter();
    const asked: string[] = [];
    const handler = (name: string, result?: unknown) => () => {
      asked.push(name);
      return result;
    };
    router.add("method", COMMAND, handler("own"));
    router.add("general", undefined, handler("first"));
    router.add("general", undefined, handler("second", "from second"));
    router.add("general", undefined, handler("third", "from third"));
    ask(request(1));
    ask(request(2, "other"));
    await settle();
    expect(asked).toEqual(["own", "first", "first", "second", "second"]);
    expect(answers).toEqual([
      [2, { result: "from second" }],
      [1, { result: "from second" }],
    ]);
  });

  it("asks the first handler of a method before its own, which is asked when that passes it on", async () => {
    const { router, ask, answers } = newRouter();
    router.add("method", COMMAND, () => "own");
    router.add("thread", COMMAND, ({ id }) => (id === 1 ? "first" : undefined));
    ask(request(1));
    ask(request(2));
    await settle();
    expect(answers).toEqual([
      [1, { result: "first" }],
      [2, { result: "own" }],
    ]);
  });

  it("takes null for an answer", async () => {
    const { router, ask, answers } = newRouter();
    router.add("method", "m", () => null);
    ask(request(1, "m"));
    await settle();
    expect(answers).toEqual([[1, { result: null }]]);
  });

  it("lets a handler be replaced, and taken away by who set it alone", async () => {
    const { router, ask, answers } = newRouter();
    const takeAway = router.add("method", "m", () => "old");
    const takeNewAway = router.add("method", "m", () => "new");
    takeAway();
    ask(request(1, "m"));
    takeNewAway();
    ask(request(2, "m"));
    await settle();
    expect(answers).toEqual([
      [2, { error: expect.objectContaining({ code: -32601 }) }],
      [1, { result: "new" }],
    ]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("handler broke");
      },
    ],
    ["rejects", () => Promise.reject(new Error("handler broke"))],
  ])("refuses when a handler %s, and reports it", async (_how, handler) => {
    const { router, ask, answers, errors } = newRouter();
    router.add("method", COMMAND, handler);
    router.add("method", "future/newThing", handler);
    ask(request(1));
    ask(request(2, "future/newThing"));
    await settle();
    expect(answers).toEqual([
      [1, { result: { decision: "decline" } }],
      [2, { error: { code: -32603, message: "handler broke" } }],
    ]);
    expect(errors).toEqual([
      [COMMAND, new Error("handler broke")],
      ["future/newThing", new Error("handler broke")],
    ]);
  });

  it("holds nothing up while a handler takes its time", async () => {
    const { router, ask, answers } = newRouter();
    const slow = createDeferred<unknown>();
    router.add("method", "slow", () => slow.promise);
    router.add("method", "fast", () => "fast");
    ask(request(1, "slow"));
    ask(request(2, "fast"));
    await settle();
    expect(answers).toEqual([[2, { result: "fast" }]]);
    slow.resolve("slow");
    await settle();
    expect(answers[1]).toEqual([1, { result: "slow" }]);
  });

  it("aborts the signal of what the runtime resolves, and writes no late answer", async () => {
    const { router, ask, answers, errors } = newRouter();
    const late = createDeferred<unknown>();
    const aborted = vi.fn<(reason: unknown) => void>();
    router.add("method", COMMAND, (_message, { signal }) => {
      signal.addEventListener("abort", () => aborted(signal.reason));
      return late.promise;
    });
    ask(request(1));
    ask(request("r2"));
    router.resolve({ threadId: "t", requestId: "r2" });
    for (const params of [{ requestId: 99 }, { requestId: null }, {}, undefined])
      router.resolve(params);
    expect(aborted.mock.calls).toEqual([
      [new Error("The app-server has resolved this request by itself.")],
    ]);
    late.resolve({ decision: "accept" });
    await settle();
    expect(answers).toEqual([[1, { result: { decision: "accept" } }]]);
    expect(errors).toEqual([]);
  });

  it("does not report what a handler throws because of its abort", async () => {
    const { router, ask, answers, errors } = newRouter();
    router.add(
      "method",
      COMMAND,
      (_message, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        ),
    );
    ask(request(1));
    router.resolve({ requestId: 1 });
    await settle();
    expect([answers, errors]).toEqual([[], []]);
  });

  it("asks once about a request that is repeated while it is open, and again after its answer", async () => {
    const { router, ask, answers } = newRouter();
    const decision = createDeferred<unknown>();
    const handler = vi.fn<() => unknown>(() => decision.promise);
    router.add("method", COMMAND, handler);
    ask(request(1));
    ask(request(1));
    decision.resolve("yes");
    await settle();
    ask(request(1));
    await settle();
    expect([handler.mock.calls.length, answers]).toEqual([
      2,
      [
        [1, { result: "yes" }],
        [1, { result: "yes" }],
      ],
    ]);
  });

  it("keeps a request open that is asked again, when the handler of the first time ends", async () => {
    const { router, ask, answers } = newRouter();
    const decisions = [createDeferred<unknown>(), createDeferred<unknown>()];
    const signals: AbortSignal[] = [];
    router.add(
      "method",
      COMMAND,
      (_message, { signal }) => decisions[signals.push(signal) - 1]?.promise,
    );
    ask(request(1));
    router.resolve({ requestId: 1 });
    ask(request(1));
    decisions[0]?.resolve("late");
    await settle();
    router.resolve({ requestId: 1 });
    expect([signals.map(({ aborted }) => aborted), answers]).toEqual([[true, true], []]);
  });

  it("aborts every open request at the end, with its reason", async () => {
    const { router, ask, answers } = newRouter();
    const reasons: unknown[] = [];
    router.add("method", COMMAND, (_message, { signal }) => {
      signal.addEventListener("abort", () => reasons.push(signal.reason));
      return new Promise(() => {});
    });
    ask(request(1));
    ask(request(2));
    const reason = new Error("gone");
    router.fail(reason);
    await settle();
    expect([reasons, answers]).toEqual([[reason, reason], []]);
  });

  it("sends an answer over the connection that repeats the request, also one that was ready before", async () => {
    const { router, ask, answers } = newRouter();
    const decisions = [createDeferred<unknown>(), createDeferred<unknown>()];
    router.add("method", COMMAND, ({ id }) => decisions[Number(id)]?.promise);
    ask(request(0));
    ask(request(1));
    router.suspend();
    decisions[0]?.resolve("early");
    await settle();
    expect([answers, router.openRequests]).toEqual([[], 2]);

    ask(request(0));
    ask(request(1));
    decisions[1]?.resolve("late");
    await settle();
    expect([answers, router.openRequests]).toEqual([
      [
        [0, { result: "early" }],
        [1, { result: "late" }],
      ],
      0,
    ]);
  });

  it("aborts the handler of a lost connection's request when another request has its id, or its turn ends", async () => {
    const { router, ask, answers } = newRouter();
    const signals: AbortSignal[] = [];
    router.add("method", COMMAND, (message, { signal }) => {
      signals.push(signal);
      return message.params === "other" ? "answer" : new Promise(() => {});
    });
    ask(request(1));
    ask({ ...request(2), params: { threadId: "t" } });
    router.suspend();
    ask({ ...request(1), params: "other" });
    router.endSuspended("t");
    await settle();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
    expect([answers, router.openRequests]).toEqual([[[1, { result: "answer" }]], 0]);
  });
});
