import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  type Comment,
  type ExportSpecifier,
  parseSync,
  type Program,
  type Statement,
} from "oxc-parser";

import { sdkSources } from "./sourceFiles.js";

/** A source of the SDK, parsed. */
export interface ParsedSource {
  /** Relative to `src/`. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

/** One name that an entry point exports. */
export interface PublicExport {
  readonly name: string;
  readonly isType: boolean;
  /** The name at its source, and the module that it comes from. */
  readonly localName: string;
  readonly specifier: string;
}

/** A declaration, with the statement that its doc comment stands before. */
export interface Declaration {
  readonly source: ParsedSource;
  readonly statement: Statement;
  readonly node: Exclude<Statement, { type: "ExportNamedDeclaration" }>;
}

const cache = new Map<string, ParsedSource>();

export function parseSource(path: string): ParsedSource {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(join(sdkSources, path), "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const parsed = { path, text, program, comments };
  cache.set(path, parsed);
  return parsed;
}

/** The names that an entry point exports, in the order in which they stand there. */
export function exportsOf(entry: string): PublicExport[] {
  return parseSource(entry).program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) {
      throw new Error(`${entry}: holds a ${statement.type}, and may only re-export by name`);
    }
    const { source, exportKind, specifiers } = statement;
    return specifiers.map((specifier) => ({
      name: nameOf(specifier.exported),
      isType: exportKind === "type" || specifier.exportKind === "type",
      localName: nameOf(specifier.local),
      specifier: source.value,
    }));
  });
}

function nameOf(name: ExportSpecifier["local"]): string {
  return name.type === "Literal" ? name.value : name.name;
}

/** The path of what `path` imports as `specifier`. */
export function resolveSource(path: string, specifier: string): string {
  return join(dirname(path), specifier).replaceAll("\\", "/").replace(/\.js$/, ".ts");
}

/** Every declaration of `name` in the module: a type and a constant may share one. */
export function declarationsOf(path: string, name: string): Declaration[] {
  const source = parseSource(path);
  return source.program.body.flatMap((statement) => {
    const node =
      statement.type === "ExportNamedDeclaration" && statement.declaration !== null
        ? statement.declaration
        : statement;
    if (node.type === "ExportNamedDeclaration" || !namesOf(node).includes(name)) return [];
    return [{ source, statement, node }];
  });
}

/** The path of the module that `path` imports `name` from; `undefined` for other packages. */
export function importedFrom(path: string, name: string): string | undefined {
  for (const statement of parseSource(path).program.body) {
    if (statement.type !== "ImportDeclaration" || !statement.source.value.startsWith(".")) continue;
    const isHere = statement.specifiers.some((specifier) => specifier.local.name === name);
    if (isHere) return resolveSource(path, statement.source.value);
  }
  return undefined;
}

function namesOf(node: Statement): string[] {
  switch (node.type) {
    case "ClassDeclaration":
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return node.id === null ? [] : [node.id.name];
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return [node.id.name];
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    default:
      return [];
  }
}

/** Returns whether a doc comment stands right before `position`. */
export function hasDocComment({ comments, text }: ParsedSource, position: number): boolean {
  return comments.some(
    ({ type, value, end }) =>
      type === "Block" &&
      value.startsWith("*") &&
      value.replaceAll(/[\s*]/g, "").length > 0 &&
      end <= position &&
      text.slice(end, position).trim() === "",
  );
}
