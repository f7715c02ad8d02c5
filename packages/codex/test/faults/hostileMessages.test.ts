import { describe, expect, it } from "vitest";

import { SecretMasker } from "../../src/internal/secrets.js";
import { StdioTransport } from "../../src/transport/stdioTransport.js";
import type { FakeAction } from "../support/fakeAppServer.js";
import { createFakeCodex } from "../support/fakeCodex.js";
import { followHostFaults } from "../support/hostFaults.js";
import { rejectionOf } from "../support/rejection.js";
import {
  agentMessage,
  answersThread,
  answersTurn,
  delta,
  itemCompleted,
  sends,
  turnCompleted,
  turnStarted,
  wholeTurn,
} from "../support/wire.js";

followHostFaults();

/** JSON text as the fake writes it: as it stands. */
function lines(...texts: readonly string[]): FakeAction[] {
  return texts.map((text) => ({ raw: `${text}\n` }));
}

/** The names by which a careless merge changes all objects. */
const POISON =
  '"__proto__":{"polluted":1,"method":"m","id":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1},"toString":1,"hasOwnProperty":1';

/** An array in an array, so many times. */
function nest(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

const DEEP = nest(100_000);

describe("keys that name the prototype", () => {
  it("change nothing, wherever in a message they stand", async () => {
    const inTurn = `"threadId":"thread-1","turnId":"turn-1"`;
    await using fake = await createFakeCodex({
      on: {
        "thread/start": lines(
          `{"id":2,${POISON},"result":{${POISON},"thread":{${POISON},"id":"thread-1","turns":[]}}}`,
        ),
        "turn/start": [
          ...lines(`{${POISON},"method":"turn/started","params":{${POISON}}}`, `{${POISON}}`),
          answersTurn,
          ...lines(
            `{"method":"item/completed","params":{${inTurn},"item":{${POISON},"type":"agentMessage","id":"i","text":"fine"}}}`,
            `{"method":"__proto__","params":{${inTurn},${POISON}}}`,
            `{"method":"constructor","params":{"threadId":"__proto__","turnId":"__proto__"}}`,
            `{"id":"__proto__","method":"__proto__","params":{${POISON}}}`,
            `{"id":"constructor","method":"constructor","params":{"threadId":"__proto__"}}`,
            `{"id":"__proto__","error":{${POISON},"code":1,"message":"m","data":{${POISON}}}}`,
            `{"id":99,"method":"item/tool/call","params":{"threadId":"__proto__","tool":"constructor",${POISON}}}`,
          ),
          ...sends(turnCompleted()),
        ],
        poisoned: lines(`{"id":4,"error":{"code":-32000,"message":"no","data":{${POISON}}}}`),
      },
    });
    const keysBefore = Reflect.ownKeys(Object.prototype);
    const result = await (await fake.codex.startThread()).run("go");
    const error = await rejectionOf(fake.codex.client.request("poisoned", {}));

    expect(result).toMatchObject({ status: "completed", finalResponse: "fine" });
    expect(error).toMatchObject({
      code: "JSON_RPC",
      message: "poisoned: no (JSON-RPC error -32000)",
    });
    expect(Reflect.ownKeys(Object.prototype)).toEqual(keysBefore);
    expect(["polluted" in {}, "polluted" in Object, "polluted" in result]).toEqual([
      false,
      false,
      false,
    ]);
    expect(fake.server.answers()).toEqual([
      { id: "__proto__", error: { code: -32601, message: expect.any(String) } },
      { id: "constructor", error: { code: -32601, message: expect.any(String) } },
      { id: 99, result: expect.objectContaining({ success: false }) },
    ]);
  });
});

describe("ids that no client gave and no protocol allows", () => {
  it("are answered where they can be, never under another id, and else reported", async () => {
    const longId = "i".repeat(1_000_000);
    const method = "item/commandExecution/requestApproval";
    const bad = ["true", "{}", "[]", "[1]", "1.5", "1e300", "9007199254740993", "-1e-7"];
    const badRequests = bad.map((id) => `{"id":${id},"method":"${method}","params":{}}`);
    await using fake = await createFakeCodex({
      on: {
        ask: [
          ...lines(
            ...badRequests,
            `{"id":"${longId}","method":"${method}","params":{}}`,
            `{"id":"","method":"${method}","params":{}}`,
            `{"id":-7,"method":"${method}","params":{}}`,
            `{"id":9007199254740991,"method":"${method}","params":{}}`,
          ),
          { answer: "asked" },
        ],
      },
    });
    const notifications = fake.codex.notifications();
    expect(await fake.codex.client.request("ask", {})).toBe("asked");
    // What the runtime hears, it has heard once it answers the next request.
    await rejectionOf(fake.codex.client.request("another", {}));
    const result = { decision: "decline" };
    expect(fake.server.answers()).toEqual(
      [longId, "", -7, 9007199254740991].map((id) => ({ id, result })),
    );
    expect(fake.diagnostics).toEqual(badRequests.map((text) => ({ kind: "unparsableLine", text })));
    await fake.codex.close();
    expect(await rejectionOf(notifications.next())).toMatchObject({ code: "CLOSED" });
  });

  it("settle no request that waits; the first answer counts, and the others are nobody's", async () => {
    await using fake = await createFakeCodex({
      on: {
        ask: [
          ...lines(
            '{"id":"2","result":"a text"}',
            '{"id":[2],"result":"a list"}',
            '{"id":2.5,"result":"a fraction"}',
            '{"id":1e300,"result":"far too large"}',
            '{"id":-2,"result":"negative"}',
            '{"id":3,"result":"not sent yet"}',
            '{"id":null,"error":{"code":-32700,"message":"nobody\'s"}}',
            '{"id":1,"result":"answered before"}',
            '{"id":2,"result":"first"}',
            '{"id":2,"result":"second"}',
            '{"id":2,"error":{"code":1,"message":"third"}}',
          ),
        ],
        next: [{ answer: "next" }],
      },
    });
    const { client } = fake.codex;
    expect(await client.request("ask", {})).toBe("first");
    expect(await client.request("next", {})).toBe("next");
  });
});

describe("what is nested deeper than a stack", () => {
  it("stops nothing, in whatever kind of message it comes", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          answersTurn,
          ...lines(
            DEEP,
            `{"method":"unknown","params":${DEEP}}`,
            `{"method":"item/completed","params":{"threadId":"thread-1","turnId":"turn-1","item":{"type":"later","id":"i","deep":${DEEP}}}}`,
            `{"id":5,"method":"item/commandExecution/requestApproval","params":{"threadId":"thread-1","deep":${DEEP}}}`,
            `{"id":6,"method":"mcpServer/elicitation/request","params":${DEEP}}`,
            `{"id":7,"method":"item/tool/call","params":{"threadId":"thread-1","arguments":${DEEP}}}`,
            `{"id":${DEEP},"method":"odd","params":{}}`,
            `{"id":99,"error":{"code":-32000,"message":"m","data":${DEEP}}}`,
          ),
          ...lines(
            `{"method":"turn/completed","params":{"threadId":"thread-1","turn":{"id":"turn-1","items":[],"status":"failed","error":{"message":"deep","codexErrorInfo":${DEEP}}}}}`,
          ),
        ],
        refused: lines(`{"id":4,"error":{"code":-32000,"message":"m","data":${DEEP}}}`),
        taken: lines(`{"id":5,"result":${DEEP}}`),
      },
    });
    const { codex } = fake;
    const error = await rejectionOf((await codex.startThread()).run("go"));
    expect(error).toMatchObject({ code: "TURN_FAILED", message: "deep" });
    expect(await rejectionOf(codex.client.request("refused", {}))).toMatchObject({
      code: "JSON_RPC",
      rpcCode: -32000,
    });
    expect(Array.isArray(await codex.client.request("taken", {}))).toBe(true);
  });
});

describe("texts that are made to take long", () => {
  it("are masked in a time that grows with their length alone", async () => {
    // At this length most of these took minutes while a pattern looked around without a bound.
    const size = 480_000;
    const texts = [
      " ".repeat(size),
      `=${" ".repeat(size)}xxxxxxxx`,
      `Bearer${"\t".repeat(size)}`,
      "eyJ-".repeat(size / 4),
      "sk-".repeat(size / 3),
      "api_key=".repeat(size / 8),
    ];
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [...lines(...texts.map((text) => `x${text}x`)), ...wholeTurn("done")],
      },
    });
    expect((await (await fake.codex.startThread()).run("go")).finalResponse).toBe("done");
    expect(fake.diagnostics).toHaveLength(texts.length);
  });

  it("end the connection with a typed error where they fit into no string", async () => {
    const transport = new StdioTransport({
      command: {
        file: process.execPath,
        args: [
          "-e",
          `process.stdout.write('{"fits":1}\\n{' + "x".repeat(300_000)); setInterval(() => {}, 1000)`,
        ],
        env: process.env,
      },
      explainSpawnFailure: (error) => error,
      closeTimeoutMs: 1000,
      secrets: new SecretMasker(),
      maxMessageBytes: 100_000,
    });
    const heard: unknown[] = [];
    const reason = await new Promise((resolve, reject) => {
      transport
        .open({
          onMessage: (text) => heard.push(text),
          onDiagnostic: (diagnostic) => heard.push(diagnostic),
          onClose: resolve,
        })
        .catch(reject);
    });
    expect(reason).toMatchObject({
      code: "TRANSPORT_CLOSED",
      message: expect.stringContaining("wrote a message of more than 100000 bytes"),
    });
    expect(heard).toEqual(['{"fits":1}']);
  });
});

describe("messages that lie about a turn", () => {
  it("leave it its own events, and its end is its first", async () => {
    await using fake = await createFakeCodex({
      on: {
        "thread/start": answersThread,
        "turn/start": [
          answersTurn,
          ...sends(
            turnStarted(),
            { method: "item/completed", params: null },
            { method: "item/completed", params: { turnId: 1, threadId: {} } },
            { method: "turn/completed", params: { turn: { id: ["turn-1"] } } },
            { method: "turn/completed", params: { threadId: "thread-1", turn: null } },
            itemCompleted(agentMessage("fine")),
            turnCompleted(),
            turnCompleted("turn-1", "thread-1", "failed"),
            itemCompleted(agentMessage("too late")),
            delta("too late"),
          ),
        ],
      },
    });
    const result = await (await fake.codex.startThread()).run("go");
    expect(result).toMatchObject({
      status: "completed",
      finalResponse: "fine",
      items: [agentMessage("fine")],
    });
  });
});
