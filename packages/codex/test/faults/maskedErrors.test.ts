import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import type { CodexDiagnostic } from "../../src/client/diagnostics.js";
import { Codex, CodexError, type CodexOptions } from "../../src/index.js";
import * as surface from "../../src/index.js";
import type { FakeScript } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { rejectionOf } from "../support/rejection.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  notification,
  sends,
  THREAD,
  TURN,
  turn,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

/** A secret without the shape of one: only the client knows that it is one. */
const SECRET = "house-key-of-no-known-shape";
const ENV = { HOUSE_TOKEN: SECRET };

/** An `error` notification that repeats the secret. */
const failing = (willRetry: boolean) =>
  notification("error", {
    threadId: THREAD,
    turnId: TURN,
    willRetry,
    error: { message: `refused: ${SECRET}`, codexErrorInfo: null, additionalDetails: SECRET },
  });

type Failure = () => Promise<unknown>;

/** The error of a run whose turn sends these messages behind its start. */
function failureOfTurn(messages: readonly unknown[], script: FakeScript["on"] = {}): Failure {
  return async () => {
    const on = {
      "thread/start": answersThread,
      "turn/start": [answersTurn, ...sends(turnStarted(), ...messages)],
      ...script,
    };
    await using fake = await createFakeCodex({ on }, { env: ENV });
    const thread = await fake.codex.startThread();
    return await rejectionOf(thread.run("go", { idleTimeoutMs: 200 }));
  };
}

function failureOfRequest(code: number, message: string): Failure {
  return async () => {
    const error = { code, message: `${message}: ${SECRET}`, data: { deep: [{ text: SECRET }] } };
    await using fake = await createFakeCodex({ on: { "a/b": [{ error }] } }, { env: ENV });
    return await rejectionOf(fake.codex.client.request("a/b", {}));
  };
}

function failureOfStart(script: FakeScript): Failure {
  return async () => {
    await using fake = await createFakeCodex(script, { env: ENV });
    return await rejectionOf(fake.codex.start());
  };
}

const SILENT = {
  "thread/read": [{ answer: { thread: { id: THREAD, turns: [turn(TURN, "inProgress")] } } }],
};

/** Each class of the SDK's errors that may repeat texts of the runtime, by a fault that repeats the secret. */
const FAILURES = {
  CodexStartError: failureOfStart({ start: [{ stderr: SECRET }, { exit: 1 }] }),
  CodexProtocolError: failureOfStart({ on: { initialize: [{ answer: { userAgent: SECRET } }] } }),
  TransportClosedError: failureOfTurn([failing(true)], {
    "turn/start": [
      answersTurn,
      ...sends(turnStarted(), failing(true)),
      { stderr: SECRET },
      { exit: 3 },
    ],
  }),
  TurnFailedError: failureOfTurn([
    failing(true),
    turnCompleted(TURN, THREAD, "failed", {
      error: { message: SECRET, codexErrorInfo: null, additionalDetails: SECRET, notice: null },
    } as never),
  ]),
  TurnIncompleteError: failureOfTurn([failing(true), turnCompleted(TURN, THREAD, SECRET)]),
  TurnTimeoutError: failureOfTurn(
    [failing(true), notification(SECRET, { threadId: THREAD, turnId: TURN })],
    SILENT,
  ),
  OutputValidationError: async () => {
    const on = {
      "thread/start": answersThread,
      "turn/start": wholeTurn(JSON.stringify({ key: SECRET })),
    };
    await using fake = await createFakeCodex({ on }, { env: ENV });
    const thread = await fake.codex.startThread();
    const keys = { type: "object", properties: { key: { type: "string" } }, required: ["key"] };
    const schema = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => ({ issues: [{ message: `${SECRET} is not a key` }] }),
        jsonSchema: { input: () => keys, output: () => keys },
      },
    };
    const error = await rejectionOf(thread.run("go", { outputSchema: schema as never }));
    // The model's own text stays as it is.
    return [String(error), Reflect.get(Object(error), "issues")];
  },
  SettingsNotAppliedError: async () => {
    const answer = { thread: { id: THREAD, turns: [] }, model: SECRET };
    await using fake = await createFakeCodex(
      { on: { "thread/start": [{ answer }] } },
      { env: ENV },
    );
    return await rejectionOf(fake.codex.startThread({ model: "m" }));
  },
  InvalidOptionError: async () => {
    const options: CodexOptions[] = [
      { config: { model_providers: { x: { http_headers: { X: SECRET } } } } },
      { config: { mcp_servers: { x: { env: { MY_TOKEN: SECRET } } } } },
      { env: { MY_TOKEN: [SECRET] as never } },
      { launchArgs: ["node", [SECRET] as never] },
      { transport: { type: "websocket", url: "ws://localhost", token: SECRET } },
      { transport: { type: "websocket", url: `ws://me:${encodeURIComponent(SECRET)}@localhost` } },
    ];
    await using client = new Codex();
    return Promise.all([
      rejectionOf(client.runCommand(["x"], { env: { MY_TOKEN: [SECRET] as never } })),
      rejectionOf(client.loginApiKey([SECRET] as never)),
      ...options.map((given) =>
        rejectionOf(
          (async () => {
            await using codex = new Codex(given);
            await codex.start();
          })(),
        ),
      ),
    ]);
  },
  EnvironmentLostError: async () => {
    const on = {
      "environment/add": [{ answer: {} }],
      "environment/info": [{ error: { code: -32603, message: `refused: ${SECRET}` } }],
    };
    await using fake = await createFakeCodex({ on }, { env: ENV });
    return await rejectionOf(fake.codex.addEnvironment({ id: "far", url: "ws://127.0.0.1:1" }));
  },
  JsonRpcError: failureOfRequest(42, "x"),
  ParseError: failureOfRequest(-32700, "x"),
  InvalidRequestError: failureOfRequest(-32600, "x"),
  ThreadNotFoundError: failureOfRequest(-32600, "thread not found: "),
  ThreadNotStoredError: failureOfRequest(-32600, "ephemeral thread does not support goals: "),
  ThreadInUseError: failureOfRequest(-32600, "already has an active writer"),
  MethodNotFoundError: failureOfRequest(-32601, "x"),
  InvalidParamsError: failureOfRequest(-32602, "x"),
  InternalRpcError: failureOfRequest(-32603, "x"),
  ServerBusyError: failureOfRequest(-32001, "x"),
  RetryLimitExceededError: failureOfRequest(-32001, "retry limit"),
} satisfies Record<string, Failure>;

/** Classes whose message is the SDK's own, with ids, names of methods and numbers only. */
const OWN_WORDS = [
  "CodexError",
  "PeerMissingError",
  "CodexNotStartedError",
  "CodexClosedError",
  "RequestOutcomeUnknownError",
  "RequestTimeoutError",
  "NotificationBacklogError",
  "GoalStartTimeoutError",
  "TurnAlreadyConsumedError",
  "ThreadBusyError",
  "ThreadConflictError",
  "ThreadLeasedError",
  "ThreadLeaseLostError",
  "ThreadNotPortableError",
  // The words of the application's own store.
  "ThreadStoreError",
];

describe("the secrets of a client", () => {
  it("are looked for in every error class that the package exports", () => {
    const classes = Object.entries(surface).filter(
      ([, value]) =>
        typeof value === "function" &&
        (value === CodexError || value.prototype instanceof CodexError),
    );
    expect(classes.map(([name]) => name).toSorted()).toEqual(
      [...Object.keys(FAILURES), ...OWN_WORDS].toSorted(),
    );
  });

  it.each(Object.entries(FAILURES))("are masked in each %s", async (name, fail) => {
    const error = await fail();
    const shown = inspect(error, { depth: 20 });
    expect(shown).toContain(name);
    expect(shown).not.toContain(SECRET);
  });

  it("are masked in every kind of diagnostic", async () => {
    const seen: CodexDiagnostic[] = [];
    await using fake = await createFakeCodex(
      {
        on: {
          initialize: [
            { answer: { userAgent: `x/1`, serverInfo: { name: "x", version: SECRET } } },
          ],
          "thread/start": answersThread,
          "turn/start": [
            answersTurn,
            { raw: `not a message: ${SECRET}\n` },
            { send: { id: SECRET, result: {} } },
            ...sends(
              turnStarted(),
              notification("warning", { threadId: THREAD, message: SECRET }),
              failing(true),
              { id: 77, method: `ask ${SECRET}`, params: { threadId: THREAD } },
            ),
          ],
        },
      },
      {
        env: ENV,
        onDiagnostic: (diagnostic) => seen.push(diagnostic),
        onServerRequest: () => {
          throw new Error("the application's own words");
        },
      },
    );
    const thread = await fake.codex.startThread();
    const gone = new AbortController();
    const run = rejectionOf(thread.run("go", { signal: gone.signal }));
    await expect.poll(() => seen.map(({ kind }) => kind)).toContain("handlerError");
    gone.abort();
    await run;
    const kinds = {
      unparsableLine: true,
      unexpectedResponse: true,
      handlerError: true,
      versionMismatch: true,
      turnError: true,
      notice: true,
      turnAbandoned: true,
      // Only of a WebSocket; its text is the message of the TransportClosedError above.
      connectionLost: false,
      reconnected: false,
      // Its error is the engine's, about the shape of a message.
      unreadableMessage: false,
    } satisfies Record<CodexDiagnostic["kind"], boolean>;
    expect(seen.map(({ kind }) => kind).toSorted()).toEqual(
      Object.entries(kinds)
        .flatMap(([kind, isSeen]) => (isSeen ? [kind] : []))
        .toSorted(),
    );
    expect(inspect(seen, { depth: 20 })).not.toContain(SECRET);
  });
});

it("the secrets of a thread store's address are masked in the message of its failure", async () => {
  const fail = () => Promise.reject(new Error("redis://me:hunter2-of-redis@db:6379 refused"));
  const threadStore = {
    load: fail,
    save: fail,
    delete: fail,
    acquireLease: fail,
    renewLease: fail,
    releaseLease: fail,
  };
  await using fake = await createFakeCodex({ on: {} }, { env: ENV, threadStore });
  const error = await rejectionOf(fake.codex.resumeThread("01a22411-a000-7000-8000-000000000000"));
  expect(error).toMatchObject({ code: "THREAD_STORE_FAILED" });
  expect(String(error)).not.toContain("hunter2-of-redis");
  expect(String(error)).toContain("db:6379 refused");
});

it("the text of an agent is not masked: it is the caller's own content", async () => {
  const on = { "thread/start": answersThread, "turn/start": wholeTurn(SECRET) };
  await using fake = await createFakeCodex({ on }, { env: ENV });
  const result = await (await fake.codex.startThread()).run("go");
  expect(result.items).toEqual([agentMessage(SECRET)]);
});
