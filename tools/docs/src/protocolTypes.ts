import { readFile } from "node:fs/promises";
import { join } from "node:path";

import ts from "typescript";

import { repoRoot } from "./folders.js";

const GENERATED = join(repoRoot, "packages/codex-types/src/generated");

/** Member of an object type of the protocol. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly comment: string;
}

/** Method of the protocol with the name of its parameters' type. */
export interface Method {
  readonly name: string;
  readonly params: string;
}

async function parse(path: string): Promise<ts.SourceFile> {
  const text = await readFile(join(GENERATED, path), "utf8");
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

async function typeNodeOf(name: string): Promise<ts.TypeNode> {
  const file = await parse(`v2/${name}.ts`).catch(() => parse(`${name}.ts`));
  const alias = file.statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  );
  if (alias === undefined || !ts.isTypeAliasDeclaration(alias)) {
    throw new Error(`${name} is not a type of its file.`);
  }
  return alias.type;
}

/** Returns the notifications that the runtime sends, in the order of the protocol. */
export async function serverNotifications(): Promise<Method[]> {
  const file = await parse("methodMaps.ts");
  const map = file.statements.find(
    (statement) =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === "ServerNotificationMap",
  );
  if (map === undefined || !ts.isInterfaceDeclaration(map)) {
    throw new Error("methodMaps.ts does not have ServerNotificationMap.");
  }
  return map.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || !ts.isStringLiteral(member.name)) return [];
    const type = member.type;
    if (type === undefined || !ts.isTypeLiteralNode(type)) return [];
    const params = type.members.find(
      (part): part is ts.PropertySignature =>
        ts.isPropertySignature(part) && part.name.getText() === "params",
    );
    return [{ name: member.name.text, params: params?.type?.getText() ?? "unknown" }];
  });
}

/** Returns the members of an object type of the protocol; none for a type of another form. */
export async function fieldsOf(name: string): Promise<Field[]> {
  return fieldsOfNode(await typeNodeOf(name));
}

/** Returns the items of a thread by their type, each with its members. */
export async function threadItems(): Promise<Map<string, Field[]>> {
  const items = new Map<string, Field[]>();
  const visit = (node: ts.TypeNode): void => {
    if (ts.isParenthesizedTypeNode(node)) visit(node.type);
    else if (ts.isIntersectionTypeNode(node) || ts.isUnionTypeNode(node)) node.types.forEach(visit);
    else if (ts.isTypeLiteralNode(node)) {
      const fields = fieldsOfNode(node);
      const type = fields.find((field) => field.name === "type")?.type.replaceAll('"', "");
      if (type !== undefined) items.set(type, fields);
    }
  };
  visit(await typeNodeOf("ThreadItem"));
  return items;
}

function fieldsOfNode(node: ts.TypeNode): Field[] {
  if (ts.isParenthesizedTypeNode(node)) return fieldsOfNode(node.type);
  if (ts.isIntersectionTypeNode(node)) return node.types.flatMap(fieldsOfNode);
  if (!ts.isTypeLiteralNode(node)) return [];
  return node.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return [];
    const comments = ts
      .getJSDocCommentsAndTags(member)
      .map(({ comment }) => (typeof comment === "string" ? comment : ""));
    return [
      {
        name: member.name.getText().replaceAll('"', ""),
        type: member.type.getText().replaceAll(/\s+/g, " "),
        isOptional: member.questionToken !== undefined,
        comment: comments.join(" ").replaceAll(/\s+/g, " ").trim(),
      },
    ];
  });
}
