import {
  parseSync,
  type Node,
  type Program,
  type TSType,
  type TSTypeAliasDeclaration,
  visitorKeys,
} from "oxc-parser";

import type { FileTree } from "./fileTree.js";
import { GenerationError } from "./generationError.js";

/** One `export type Name = …` of the runtime's output, in the file that has its name. */
export interface TypeFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly type: TSType;
}

/** A replacement of the characters `start` to `end` of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Parses every type of a tree; its index files, which only list the types, are left out. */
export function parseTree(tree: FileTree): readonly TypeFile[] {
  const files: TypeFile[] = [];
  for (const [path, text] of tree) {
    if (path !== "index.ts" && !path.endsWith("/index.ts")) files.push(parseTypeFile(path, text));
  }
  return files;
}

/**
 * Parses a file that exports one type and imports others.
 *
 * @throws GenerationError `UNEXPECTED_SYNTAX` if it holds anything else.
 */
export function parseTypeFile(path: string, text: string): TypeFile {
  const { program, errors } = parseSync(path, text);
  const [firstError] = errors;
  if (firstError !== undefined) {
    throw new GenerationError("UNEXPECTED_SYNTAX", `${path} does not parse: ${firstError.message}`);
  }
  const aliases: TSTypeAliasDeclaration[] = [];
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") continue;
    if (
      statement.type === "ExportNamedDeclaration" &&
      statement.declaration?.type === "TSTypeAliasDeclaration"
    ) {
      aliases.push(statement.declaration);
      continue;
    }
    throw new GenerationError(
      "UNEXPECTED_SYNTAX",
      `${path} holds a ${statement.type}, but the generator knows imports and one exported type alone.`,
    );
  }
  const [alias] = aliases;
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ts$/, "");
  if (alias === undefined || aliases.length > 1 || alias.id.name !== name) {
    throw new GenerationError(
      "UNEXPECTED_SYNTAX",
      `${path} exports ${aliases.map((each) => each.id.name).join(", ") || "no type"}, but must export exactly the type ${name}.`,
    );
  }
  return { name, path, text, program, type: alias.typeAnnotation };
}

/** Calls `visit` for a node and every node below it. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of edits.toSorted((left, right) => right.start - left.start)) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  return result;
}
