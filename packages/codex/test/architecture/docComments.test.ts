import type { ClassElement, ObjectPropertyKind, TSSignature, TSType } from "oxc-parser";
import { describe, expect, it } from "vitest";

import {
  type Declaration,
  declarationsOf,
  exportsOf,
  hasDocComment,
  importedFrom,
  type ParsedSource,
  resolveSource,
} from "../support/publicDeclarations.js";

// `types.ts` re-exports what is generated, with the runtime's own comments.
const ENTRIES = ["index.ts", "client.ts", "testing/index.ts", "otel/index.ts"];
/** Discriminators of unions: the variant's own comment has the meaning. */
const DISCRIMINATORS = new Set(["kind", "type"]);

type Member = ClassElement | TSSignature | ObjectPropertyKind;

/** The public declarations and members that have no doc comment. */
function undocumentedIn(entry: string): string[] {
  const found = exportsOf(entry)
    .filter(({ specifier }) => specifier.startsWith("."))
    .flatMap(({ localName, specifier }) =>
      undocumentedOf(resolveSource(entry, specifier), localName),
    );
  return [...new Set(found)];
}

function undocumentedOf(path: string, name: string): string[] {
  const declarations = declarationsOf(path, name);
  if (declarations.length === 0) throw new Error(`${path} declares no ${name}`);
  return declarations.flatMap((declaration) => {
    const { source, statement } = declaration;
    const own = hasDocComment(source, statement.start) ? [] : [`${path}: ${name}`];
    return [...own, ...undocumentedMembers(declaration, name)];
  });
}

function undocumentedMembers({ source, node }: Declaration, name: string): string[] {
  switch (node.type) {
    case "ClassDeclaration": {
      const inherited = new Set(
        (node.implements ?? []).flatMap(({ expression }) =>
          expression.type === "Identifier" ? memberNamesOf(source, expression.name) : [],
        ),
      );
      const own = firstOfEachName(node.body.body.filter(isPublic));
      return check(
        source,
        name,
        own.filter((member) => !inherited.has(memberName(member) ?? "")),
      );
    }
    case "TSInterfaceDeclaration": {
      const inherited = node.extends.flatMap(({ expression }) =>
        expression.type === "Identifier" ? membersOfNamed(source, expression.name) : [],
      );
      return [...inherited, ...check(source, name, node.body.body)];
    }
    case "TSTypeAliasDeclaration":
      return undocumentedInType(source, name, node.typeAnnotation);
    case "VariableDeclaration":
      return node.declarations.flatMap(({ init }) => {
        const value = init?.type === "TSAsExpression" ? init.expression : init;
        return value?.type === "ObjectExpression" ? check(source, name, value.properties) : [];
      });
    default:
      return [];
  }
}

function undocumentedInType(source: ParsedSource, name: string, type: TSType): string[] {
  switch (type.type) {
    case "TSTypeLiteral":
      return check(source, name, type.members);
    case "TSUnionType":
      // The comment of a union covers the variants that fit on one line.
      return type.types
        .filter(({ start, end }) => source.text.slice(start, end).includes("\n"))
        .flatMap((part) => undocumentedInType(source, name, part));
    case "TSIntersectionType":
      return type.types.flatMap((part) => undocumentedInType(source, name, part));
    case "TSTypeReference":
      return type.typeName.type === "Identifier" ? membersOfNamed(source, type.typeName.name) : [];
    default:
      return [];
  }
}

/** The members that come from another type, which need not be exported itself. */
function membersOfNamed(source: ParsedSource, name: string): string[] {
  const path = importedFrom(source.path, name) ?? source.path;
  return declarationsOf(path, name).flatMap((declaration) =>
    undocumentedMembers(declaration, name),
  );
}

function check(source: ParsedSource, owner: string, members: readonly Member[]): string[] {
  return members.flatMap((member) => {
    const name = memberName(member);
    if (name === undefined || DISCRIMINATORS.has(name)) return [];
    return hasDocComment(source, member.start) ? [] : [`${source.path}: ${owner}.${name}`];
  });
}

/** The names of an interface's members: an editor shows their comments on the class's members, too. */
function memberNamesOf(source: ParsedSource, name: string): string[] {
  const path = importedFrom(source.path, name) ?? source.path;
  return declarationsOf(path, name).flatMap(({ node }) =>
    node.type === "TSInterfaceDeclaration"
      ? node.body.body.flatMap((member) => memberName(member) ?? [])
      : [],
  );
}

/** The first signature of an overloaded method, and the getter of a pair, have the comment. */
function firstOfEachName(members: readonly ClassElement[]): ClassElement[] {
  const names = members.map(memberName);
  return members.filter((_member, index) => names.indexOf(names[index]) === index);
}

function isPublic(member: ClassElement): boolean {
  if (member.type !== "MethodDefinition" && member.type !== "PropertyDefinition") return false;
  // What a class overrides is documented where it was introduced; a class's own comment covers `new`.
  if (member.override === true || memberName(member) === "constructor") return false;
  return member.key.type !== "PrivateIdentifier" && (member.accessibility ?? "public") === "public";
}

function memberName(member: Member): string | undefined {
  if (!("key" in member)) return undefined;
  const { key } = member;
  switch (key.type) {
    case "Identifier":
      return key.name;
    case "Literal":
      return String(key.value);
    case "MemberExpression":
      return key.property.type === "Identifier" ? `[Symbol.${key.property.name}]` : undefined;
    default:
      return undefined;
  }
}

describe("every public name has a doc comment", () => {
  for (const entry of ENTRIES) {
    it(`with its meaning, and each of its members has one: ${entry}`, () => {
      expect(exportsOf(entry).length).toBeGreaterThan(2);
      expect(undocumentedIn(entry)).toEqual([]);
    });
  }
});
