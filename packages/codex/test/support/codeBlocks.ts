import type { SourceFile } from "./sourceFiles.js";

/** A fenced block of a Markdown file. */
export interface CodeBlock {
  readonly path: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** Name under which a test runs the block: `run=<name>` behind the language. */
  readonly program: string | undefined;
  readonly code: string;
}

/** Returns the fenced blocks of a Markdown file, in order. */
export function codeBlocksOf({ path, text }: SourceFile): CodeBlock[] {
  return [...text.matchAll(/^```(\w+)(?: run=([\w-]+))?\r?\n([\s\S]*?)^```\s*?$/gm)].map(
    (match) => ({
      path,
      line: text.slice(0, match.index).split("\n").length + 1,
      language: match[1] ?? "",
      program: match[2],
      code: match[3] ?? "",
    }),
  );
}

const USER_DOC =
  /^(?:README\.md|packages\/[^/]+\/README\.md|docs\/(?:guides\/|migration\/)?[^/]+\.md|examples\/README\.md)$/;

/** Returns whether a file of the repository is a page for the users of the packages. */
export function isUserDoc(path: string): boolean {
  return USER_DOC.test(path);
}

/** File name of a block as a module. It names the place of the block, and so do errors of the compiler. */
export function moduleNameOf({ path, line, language, code }: CodeBlock): string {
  const place = `${path.replaceAll(/[^\w]+/g, "-")}-line-${line}`;
  if (language === "ts") return `${place}.mts`;
  return /\brequire\(/.test(code) ? `${place}.cjs` : `${place}.mjs`;
}
