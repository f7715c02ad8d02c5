import type { SourceFile } from "./sourceFiles.js";

/** A fenced block of a Markdown file. */
export interface CodeBlock {
  readonly path: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a Markdown file, in order. */
export function codeBlocksOf({ path, text }: SourceFile): CodeBlock[] {
  return [...text.matchAll(/^```(\w+)\r?\n([\s\S]*?)^```\s*?$/gm)].map((match) => ({
    path,
    line: text.slice(0, match.index).split("\n").length + 1,
    language: match[1] ?? "",
    code: match[2] ?? "",
  }));
}
