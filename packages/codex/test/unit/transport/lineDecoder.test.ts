import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { LineDecoder } from "../../../src/transport/lineDecoder.js";
import { PROPERTY_TIMEOUT_MS, propertyRuns } from "../../support/propertyRuns.js";

/** Decodes these bytes, cut before each of the offsets. */
function decode(bytes: Buffer, cuts: readonly number[]): string[] {
  const decoder = new LineDecoder();
  const ends = [...cuts, bytes.length].toSorted((a, b) => a - b);
  let start = 0;
  const lines = ends.flatMap((end) => {
    const piece = bytes.subarray(start, end);
    start = end;
    return decoder.push(piece);
  });
  return [...lines, ...decoder.flush()];
}

const message = fc.oneof(
  fc.json({ noUnicodeString: false }),
  fc.string({ unit: "grapheme" }).map((text) => JSON.stringify({ method: "m", params: { text } })),
  fc
    .string({
      unit: fc.constantFrom("\u2028", "\u2029", "\u0085", "\u000b", "\f", "\r", "é", "漢", "🙂"),
    })
    .map((text) => `{"text":"${text}"}`),
);

describe("LineDecoder", () => {
  it("limits each line, not each chunk, and not what is behind a short line", () => {
    const decoder = new LineDecoder(1000);
    const line = "x".repeat(700);
    expect(decoder.push(Buffer.from(`${line}\n${line}\n${line}`))).toEqual([line, line]);
    expect(decoder.push(Buffer.from(`${"y".repeat(300)}\n`))).toEqual([
      `${line}${"y".repeat(300)}`,
    ]);
    expect(decoder.hasOverflowed).toBe(false);
  });

  it.each([
    ["in one chunk", ["fits\n", `${"x".repeat(11)}\nnext\n`]],
    ["over two chunks", ["fits\n123456", "78901\nnext\n"]],
    ["before its end", ["fits\n", "x".repeat(11)]],
  ])(
    "returns the lines before the first that is too long (%s), and holds nothing",
    (_what, chunks) => {
      const decoder = new LineDecoder(10);
      expect(chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk)))).toEqual(["fits"]);
      expect([decoder.hasOverflowed, decoder.pendingBytes]).toEqual([true, 0]);
      expect([...decoder.push(Buffer.from("more\n")), ...decoder.flush()]).toEqual([]);
    },
  );

  it(
    "gives out what went in, for every sequence of messages and every way to cut it",
    { timeout: PROPERTY_TIMEOUT_MS },
    () => {
      fc.assert(
        fc.property(
          fc.array(message, { minLength: 1, maxLength: 8 }),
          fc.array(fc.nat(), { maxLength: 30 }),
          fc.boolean(),
          (messages, places, endsInNewline) => {
            const bytes = Buffer.from(messages.join("\n") + (endsInNewline ? "\n" : ""));
            const cuts = places.map((place) => place % (bytes.length + 1));
            expect(decode(bytes, cuts)).toEqual(messages);
          },
        ),
        propertyRuns(2000),
      );
    },
  );

  it("cuts at a line feed alone", () => {
    const text = "a\u2028b\u2029c\u0085d\u000be\u000cf\rg";
    expect(decode(Buffer.from(`${text}\nnext\n`), [])).toEqual([text, "next"]);
  });

  it("keeps a character whose bytes come one by one", () => {
    const bytes = Buffer.from("é漢🙂\n");
    expect(decode(bytes, [...bytes.keys()])).toEqual(["é漢🙂"]);
  });

  it("leaves the carriage return of CRLF, and gives blank lines out as they are", () => {
    expect(decode(Buffer.from("a\r\n\n \nb"), [])).toEqual(["a\r", "", " ", "b"]);
  });

  it("gives the last line out without a newline, once", () => {
    const decoder = new LineDecoder();
    expect(decoder.push(Buffer.from("whole\nrest"))).toEqual(["whole"]);
    expect(decoder.pendingBytes).toBe(4);
    expect([decoder.flush(), decoder.flush(), decoder.pendingBytes]).toEqual([["rest"], [], 0]);
  });

  it("copies nothing of a line that one chunk holds", () => {
    const concat = vi.spyOn(Buffer, "concat");
    expect(new LineDecoder().push(Buffer.from("a\nb\n"))).toEqual(["a", "b"]);
    expect(concat).not.toHaveBeenCalled();
  });

  it("searches and copies each byte of a 20 MB line once, however it is cut", () => {
    const chunk = Buffer.alloc(16 * 1024, "x");
    const size = 20 * 1024 * 1024;
    let copied = 0;
    let searched = 0;
    const { concat } = Buffer;
    vi.spyOn(Buffer, "concat").mockImplementation((list, length) => {
      const whole = concat(list, length);
      copied += whole.length;
      return whole;
    });
    vi.spyOn(chunk, "lastIndexOf").mockImplementation((value) => {
      searched += chunk.length;
      return Uint8Array.prototype.lastIndexOf.call(chunk, Number(value));
    });
    const decoder = new LineDecoder();
    for (let sent = 0; sent < size; sent += chunk.length) decoder.push(chunk);

    const [line] = decoder.push(Buffer.from("\n"));

    expect({ length: line?.length, copied, searched }).toEqual({
      length: size,
      copied: size,
      searched: size,
    });
  });
});
