import { Writable } from "node:stream";

import { expect, test } from "vitest";

import { Output } from "../../src/cli/output.js";
import { isInteractive } from "../../src/cli/progressBar.js";

/** A terminal that keeps what is written to it. */
class Terminal extends Writable {
  readonly isTTY = true;
  readonly columns = 200;
  text = "";
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
  // Movements of the cursor are not a part of the text.
  readonly cursorTo = (): boolean => true;
  readonly moveCursor = (): boolean => true;
  readonly clearLine = (): boolean => true;
}

function report(terminal: Terminal | undefined): { stdout: string; stderr: string } {
  const written = { stdout: "", stderr: "" };
  const output = new Output(
    {
      stdout: (text) => (written.stdout += text),
      stderr: (text) => {
        written.stderr += text;
        terminal?.write(text);
      },
      terminal,
    },
    false,
  );
  output.progress("[1/4] one", { done: 0, total: 4 });
  output.progress("[2/4] two", { done: 1, total: 4 });
  output.progress("still two");
  output.result("all", {});
  return written;
}

test("long work shows a bar in a terminal, below the same lines that it prints anywhere else", () => {
  const terminal = new Terminal();
  const inTerminal = report(terminal);
  expect(terminal.text).toContain(`${"░".repeat(24)} 0 % [1/4] one`);
  expect(terminal.text).toContain(`${"█".repeat(6)}${"░".repeat(18)} 25 % [2/4] two`);
  expect(terminal.text).toContain("25 % still two");
  const plain = report(undefined);
  expect(plain).toEqual({ stdout: "all\n", stderr: "[1/4] one\n[2/4] two\nstill two\n" });
  expect(inTerminal).toEqual(plain);
});

test("the log of a CI run, a dumb terminal and one without a size are not taken for a terminal", () => {
  const cases = [{}, { CI: "" }, { CI: "true" }, { TERM: "dumb" }];
  expect(cases.map((env) => isInteractive({ isTTY: true, columns: 80 }, env))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(isInteractive({ isTTY: true, columns: 0 }, {})).toBe(false);
  expect(isInteractive({ columns: 80 }, {})).toBe(false);
});
