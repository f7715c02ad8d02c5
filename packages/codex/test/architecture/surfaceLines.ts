import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { ClassElement, Expression, TSSignature, TSType } from "oxc-parser";

import {
  type Declaration,
  declarationsOf,
  exportsOf,
  importedFrom,
  type ParsedSource,
  resolveSource,
} from "../support/publicDeclarations.js";
import { repoRoot } from "../support/sourceFiles.js";

type Member = ClassElement | TSSignature;

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** The source of each entry point, relative to `src/`, by its name in the manifest's `exports`. */
export function entrySources(): ReadonlyMap<string, string> {
  const manifest: Manifest = JSON.parse(
    readFileSync(join(repoRoot, "packages/codex/package.json"), "utf8"),
  );
  return new Map(
    Object.entries(manifest.exports).flatMap(([entry, target]) =>
      typeof target === "string" || !target.default.startsWith("./dist/")
        ? []
        : [[entry, target.default.replace("./dist/", "").replace(/\.js$/, ".ts")]],
    ),
  );
}

/** One line for each name that the entry point exports, and one for each public member of that. */
export function surfaceLines(source: string): string[] {
  return exportsOf(source)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, isType, localName, specifier }) => {
      const kind = isType ? "type" : "value";
      if (!specifier.startsWith(".")) return [`${kind} ${name} of ${specifier}`];
      const declarations = declarationsOf(resolveSource(source, specifier), localName);
      return [`${kind} ${name}`, ...declarations.flatMap(memberLines).toSorted()];
    });
}

function memberLines({ source, node }: Declaration): string[] {
  switch (node.type) {
    case "ClassDeclaration":
      return [...inheritedLines(source, node.superClass), ...lines(source, node.body.body)];
    case "TSInterfaceDeclaration":
      return lines(source, node.body.body);
    case "TSTypeAliasDeclaration":
      return lines(source, membersOfType(node.typeAnnotation));
    default:
      return [];
  }
}

/** The members of a class of the SDK that another one extends, which users see as that one's own. */
function inheritedLines(source: ParsedSource, superClass: Expression | null): string[] {
  if (superClass?.type !== "Identifier") return [];
  const path = importedFrom(source.path, superClass.name);
  return path === undefined ? [] : declarationsOf(path, superClass.name).flatMap(memberLines);
}

function membersOfType(type: TSType): readonly TSSignature[] {
  if (type.type === "TSTypeLiteral") return type.members;
  if (type.type === "TSIntersectionType" || type.type === "TSUnionType") {
    return type.types.flatMap(membersOfType);
  }
  return [];
}

function lines(source: ParsedSource, members: readonly Member[]): string[] {
  const found = members.flatMap((member) => {
    const name = publicName(source, member);
    return name === undefined ? [] : [`  ${name}`];
  });
  return [...new Set(found)];
}

/** Returns the line of the lock for a member; `undefined` for one that no user sees. */
function publicName(source: ParsedSource, member: Member): string | undefined {
  if (!("key" in member) || isInternal(source, member.start)) return undefined;
  const { key } = member;
  if (key.type === "PrivateIdentifier") return undefined;
  if ("accessibility" in member && (member.accessibility ?? "public") !== "public") {
    return undefined;
  }
  const text = source.text.slice(key.start, key.end).replaceAll(/^"|"$/g, "");
  const name = "computed" in member && member.computed ? `[${text}]` : text;
  const isMethod =
    member.type === "TSMethodSignature" ||
    (member.type === "MethodDefinition" && member.kind !== "get" && member.kind !== "set");
  const isStatic = "static" in member && member.static === true;
  const isOptional = "optional" in member && member.optional === true;
  return `${isStatic ? "static " : ""}${name}${isOptional ? "?" : ""}${isMethod ? "()" : ""}`;
}

/** Returns whether the comment right before `position` marks the declaration as internal: the build strips it. */
function isInternal({ comments, text }: ParsedSource, position: number): boolean {
  return comments.some(
    ({ value, end }) =>
      value.includes("@internal") && end <= position && text.slice(end, position).trim() === "",
  );
}
