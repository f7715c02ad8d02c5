import { fileURLToPath } from "node:url";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AsyncQueue } from "../../src/internal/asyncQueue.js";
import { SecretMasker } from "../../src/internal/secrets.js";
import { Connection } from "../../src/rpc/connection.js";
import type { NotificationMessage } from "../../src/rpc/message.js";
import { StdioTransport } from "../../src/transport/stdioTransport.js";
import { PROPERTY_TIMEOUT_MS, propertyRuns } from "../support/propertyRuns.js";

const ECHO = fileURLToPath(new URL("../support/awkwardEcho.mjs", import.meta.url));

/** A connection to a process that sends back each line in awkward pieces, and what comes of it. */
async function connectToEcho() {
  const transport = new StdioTransport({
    command: { file: process.execPath, args: [ECHO], env: process.env },
    explainSpawnFailure: (error) => error,
    closeTimeoutMs: 1000,
    secrets: new SecretMasker(),
  });
  const heard = new AsyncQueue<NotificationMessage>();
  const others: unknown[] = [];
  const connection = new Connection(
    transport,
    {
      onNotification: (message) => {
        heard.push(message);
        return "delivered";
      },
      callsAtOnce: () => false,
      onRequest: (message) => others.push(message),
      onDiagnostic: (diagnostic) => others.push(diagnostic),
      onClose: (reason) => heard.fail(reason),
    },
    new SecretMasker(),
    64,
  );
  await connection.open();
  return {
    transport,
    connection,
    others,
    /** The params of the next notification. */
    next: async () => (await heard.next()).value?.params,
    /** Sends the lines, and waits for as many notifications. */
    async exchange(lines: readonly string[]): Promise<unknown[]> {
      await Promise.all(lines.map((line) => transport.send(line)));
      const messages = await Promise.all(lines.map(() => heard.next()));
      return messages.map(({ value }) => value?.params);
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** Any text at all, halves of surrogate pairs among it, which JSON can carry as escapes. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
  fc.constantFrom("\u2028", "\u2029", "\u0085", "\ufeff", "\u0000", "\r", "\n", "__proto__", "}{"),
);

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "value" },
    anyText,
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 4 }),
  ),
}));

/** The ways in which JSON may spell the same value on one line. */
const SPELLINGS: readonly ((value: unknown) => string)[] = [
  (value) => `{"method":"m","params":${JSON.stringify(value)}}`,
  (value) => ` { "params" :\t${toAscii(JSON.stringify(value))} , "method" : "\\u006d" } \r`,
];

/** The same JSON with every character beyond ASCII as an escape. */
function toAscii(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

describe("the whole way from bytes to messages", () => {
  it(
    "gives out what went in, for every sequence of messages, each text code point by code point",
    { timeout: PROPERTY_TIMEOUT_MS },
    async () => {
      await using echo = await connectToEcho();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyValue, fc.constantFrom(...SPELLINGS)), {
            minLength: 1,
            maxLength: 5,
          }),
          async (messages) => {
            const lines = messages.map(([value, spell]) => spell(value));
            const heard = await echo.exchange(lines);
            // As JSON, in which no two texts are alike that are not the same.
            expect(heard.map((value) => JSON.stringify(value))).toEqual(
              messages.map(([value]) => JSON.stringify(value)),
            );
          },
        ),
        propertyRuns(2000),
      );
      expect(echo.others).toEqual([]);
    },
  );

  it(
    "keeps every whole number up to 2^53 and every double bit for bit, and gives the nearest double of larger ones",
    { timeout: PROPERTY_TIMEOUT_MS },
    async () => {
      await using echo = await connectToEcho();
      const exact = fc
        .oneof(
          fc.maxSafeInteger(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom(-0, 2 ** 53, -(2 ** 53), 5e-324, Number.MAX_VALUE),
        )
        .map((number) => ({ json: Object.is(number, -0) ? "-0" : String(number), number }));
      const rounded = fc
        .bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
        .map((whole) => ({ json: String(whole), number: Number(whole) }));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(exact, rounded), { minLength: 1, maxLength: 20 }),
          async (numbers) => {
            const json = numbers.map((one) => one.json).join(",");
            const [heard] = await echo.exchange([`{"method":"m","params":[${json}]}`]);
            expect(heard).toEqual(numbers.map(({ number }) => number));
          },
        ),
        propertyRuns(500),
      );
    },
  );

  it("sends every well-formed text and every number, too, as it was given", async () => {
    await using echo = await connectToEcho();
    const value = {
      text: "\u2028 \u0085 é漢🙂 \u0000 \ufeff {}\r\n",
      numbers: [0, 2 ** 53, -1.5, 5e-324, 1e300],
      ["__proto__"]: "a key like any other",
    };
    await echo.connection.notify("m", value);
    expect(JSON.stringify(await echo.next())).toBe(JSON.stringify(value));
  });
});
