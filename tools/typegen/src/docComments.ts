import type { Edit } from "./parseTypes.js";

/** The doc comment that ends right before `start`, by its borders in the text; null if there is none. */
function commentBefore(text: string, start: number): { open: number; close: number } | null {
  const before = text.slice(0, start);
  if (!/\*\/\s*$/.test(before)) return null;
  const [open, close] = [before.lastIndexOf("/**"), before.lastIndexOf("*/")];
  // Another comment's end between them means that the last comment is not a doc comment.
  return open === -1 || before.lastIndexOf("*/", close - 1) > open ? null : { open, close };
}

/** The text of the doc comment right before `start`, without its frame; empty if there is none. */
export function docBefore(text: string, start: number): string {
  const found = commentBefore(text, start);
  if (found === null) return "";
  return text
    .slice(found.open + "/**".length, found.close)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}

/** The edit that adds a line to the doc comment right before `start`, or writes one there. */
export function docLineEdit(text: string, start: number, line: string): Edit {
  const found = commentBefore(text, start);
  if (found === null) {
    const place = text.slice(0, start).trimEnd().length;
    const lineBreaks = text.slice(place, start).replaceAll(/[^\n]/g, "") || "\n";
    return { start: place, end: start, text: `${lineBreaks}/**\n * ${line}\n */\n` };
  }
  const lineBreak = text.lastIndexOf("\n", found.close);
  return lineBreak > found.open
    ? { start: lineBreak, end: lineBreak, text: `\n * ${line}` }
    : { start: found.close, end: found.close, text: `${line} ` };
}
