import { type Node, parseSync, Visitor } from "oxc-parser";

import type { SourceFile } from "./sourceFiles.js";

/** Text for readers in a source file. */
export interface WrittenText {
  readonly kind: "doc comment" | "error message" | "test title";
  readonly text: string;
  /** `path:line`, for a failure. */
  readonly place: string;
}

const TEST_FUNCTIONS = new Set(["describe", "it", "test", "bench"]);

/** Returns the doc comments, the messages of errors and the titles of tests in a source file. */
export function writtenTextsIn({ path, text }: SourceFile): WrittenText[] {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const placeOf = (offset: number) => `${path}:${text.slice(0, offset).split("\n").length}`;
  const found: WrittenText[] = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ value, start }) => ({
      kind: "doc comment",
      text: proseOf(value),
      place: placeOf(start),
    }));
  const add = (kind: WrittenText["kind"], node: Node | undefined) => {
    for (const words of literalsIn(node)) {
      found.push({ kind, text: words, place: placeOf(node?.start ?? 0) });
    }
  };
  new Visitor({
    NewExpression({ callee, arguments: values }) {
      if (callee.type !== "Identifier" || !callee.name.endsWith("Error")) return;
      for (const value of values) add("error message", value);
    },
    CallExpression({ callee, arguments: values }) {
      if (TEST_FUNCTIONS.has(rootName(callee))) add("test title", values[0]);
    },
  }).visit(program);
  return found;
}

/** Removes the frame of a doc comment, its code and its tags with the names that follow them. */
function proseOf(comment: string): string {
  return comment
    .replace(/^\*/u, "")
    .replaceAll(/^\s*\* ?/gmu, "")
    .replaceAll(/```[\s\S]*?```/gu, "")
    .replaceAll(/`[^`]*`/gu, "`code`")
    .trim();
}

/** The first name of `it`, `it.each(…)`, `describe.skipIf(…)` and so on. */
function rootName(callee: Node): string {
  switch (callee.type) {
    case "Identifier":
      return callee.name;
    case "MemberExpression":
      return rootName(callee.object);
    case "CallExpression":
      return rootName(callee.callee);
    default:
      return "";
  }
}

/** The texts of a literal, a template, a sum or a choice of such. */
function literalsIn(node: Node | undefined): string[] {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return [node.quasis.map(({ value }) => value.cooked ?? "").join("…")];
    case "BinaryExpression":
      return [...literalsIn(node.left), ...literalsIn(node.right)];
    case "ParenthesizedExpression":
      return literalsIn(node.expression);
    case "ConditionalExpression":
      return [...literalsIn(node.consequent), ...literalsIn(node.alternate)];
    default:
      return [];
  }
}
