import type { SourceFile } from "./sourceFiles.js";

/** An `@example` of a doc comment. */
export interface DocExample {
  readonly path: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  /** Name of the declaration below the comment, such as `tool`, or `Thread.run` for a member. */
  readonly subject: string;
  readonly code: string;
}

/** A doc comment, with the start of the line of code below it. */
const COMMENT = /^( *)\/\*\*\n([\s\S]*?)\*\/\n *([^\n]*)/gm;
const EXAMPLE = /@example\n *\* ```ts\n([\s\S]*?)^ *\* ```$/m;
const OWNER = /^export (?:abstract )?(?:class|interface) (\w+)/gm;
const NAME =
  /^(?:export |abstract |async |static |readonly |get |class |interface |type |function |const )*\*?(\w+)/;

/** Returns the examples of a source file, in order. */
export function docExamplesOf({ path, text }: SourceFile): DocExample[] {
  return [...text.matchAll(COMMENT)].flatMap((match) => {
    const [comment, indent = "", body = "", declaration = ""] = match;
    const code = EXAMPLE.exec(body)?.[1];
    const name = NAME.exec(declaration)?.[1];
    if (code === undefined || name === undefined) return [];
    const before = text.slice(0, match.index + comment.indexOf(code));
    const owner = indent === "" ? undefined : [...before.matchAll(OWNER)].at(-1)?.[1];
    return [
      {
        path,
        line: before.split("\n").length,
        subject: owner === undefined ? name : `${owner}.${name}`,
        code: code.replaceAll(/^ *\* ?/gm, ""),
      },
    ];
  });
}
