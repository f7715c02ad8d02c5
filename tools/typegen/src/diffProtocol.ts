import type { TSType } from "oxc-parser";

import { comparePaths, type FileTree, readTree } from "./fileTree.js";
import { type MethodEntry, readMaps } from "./methodMaps.js";
import { parseTypeFile, type TypeFile } from "./parseTypes.js";
import { membersOf, objectsOf, propertiesOf, tagOf } from "./unionTypes.js";

/** Something that both protocols have, but not in the same form. */
export interface ProtocolChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What one list of names has more, less or otherwise than another. Every list is sorted. */
export interface NameDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ProtocolChange[];
}

/** The difference between two generated trees, for release notes and for the choice of a version. */
export interface ProtocolDiff {
  /** Client requests, by method; a change is one of params, result or stability. */
  readonly clientRequests: NameDiff;
  readonly serverRequests: NameDiff;
  readonly serverNotifications: NameDiff;
  readonly clientNotifications: NameDiff;
  /** Types; a change is one of a type that has no fields, an enum for instance. */
  readonly types: NameDiff;
  /** Fields of types that both have, as `Type.field` or `Type<variant>.field`. */
  readonly fields: NameDiff;
}

/** Compares two folders that `generateTypes` wrote. */
export async function diffProtocol(beforeDir: string, afterDir: string): Promise<ProtocolDiff> {
  return diffTrees(await readTree(beforeDir), await readTree(afterDir));
}

/** As {@link diffProtocol}, on trees that are in memory. */
export function diffTrees(before: FileTree, after: FileTree): ProtocolDiff {
  const mapsBefore = readMaps(before.get("methodMaps.ts") ?? "");
  const mapsAfter = readMaps(after.get("methodMaps.ts") ?? "");
  const diffMap = (name: string): NameDiff =>
    diffNames(describeMethods(mapsBefore.get(name)), describeMethods(mapsAfter.get(name)));

  const typesBefore = typesOf(before);
  const typesAfter = typesOf(after);
  return {
    clientRequests: diffMap("ClientRequestMap"),
    serverRequests: diffMap("ServerRequestMap"),
    serverNotifications: diffMap("ServerNotificationMap"),
    clientNotifications: diffMap("ClientNotificationMap"),
    types: diffNames(describeTypes(typesBefore), describeTypes(typesAfter)),
    fields: diffNames(
      describeSharedFields(typesBefore, typesAfter),
      describeSharedFields(typesAfter, typesBefore),
    ),
  };
}

function diffNames(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): NameDiff {
  const changed: ProtocolChange[] = [];
  for (const [name, text] of after) {
    const previous = before.get(name);
    if (previous !== undefined && previous !== text) {
      changed.push({ name, before: previous, after: text });
    }
  }
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).toSorted(comparePaths),
    removed: [...before.keys()].filter((name) => !after.has(name)).toSorted(comparePaths),
    changed: changed.toSorted((left, right) => comparePaths(left.name, right.name)),
  };
}

function describeMethods(entries: readonly MethodEntry[] = []): ReadonlyMap<string, string> {
  return new Map(
    entries.map(({ method, params, result, stability }) => [
      method,
      `${stability}: ${params}${result === null ? "" : ` → ${result}`}`,
    ]),
  );
}

/** The unions of messages, which the method maps describe better. */
const MESSAGE_UNIONS = /^(?:Client|Server)(?:Request|Notification|NotificationEnvelope)\.ts$/;

/** Files that hold one type of the protocol, by their path without the ending (`v2/Thread`). */
function typesOf(tree: FileTree): ReadonlyMap<string, TypeFile> {
  const types = new Map<string, TypeFile>();
  for (const [path, text] of tree) {
    // Files of the runtime bear the name of their type; those of the generator begin in lower case.
    if (/(?:^|\/)[A-Z]\w*\.ts$/.test(path) && !MESSAGE_UNIONS.test(path)) {
      types.set(path.replace(/\.ts$/, ""), parseTypeFile(path, text));
    }
  }
  return types;
}

function describeTypes(types: ReadonlyMap<string, TypeFile>): ReadonlyMap<string, string> {
  return new Map([...types].map(([key, file]) => [key, variantsOf(file, file.type).join(" | ")]));
}

/** The variants of a union: their tags where they have one; an object stands for its fields, compared apart. */
function variantsOf(file: TypeFile, type: TSType): readonly string[] {
  return membersOf(type, "TSUnionType").flatMap((member) => {
    const parts = membersOf(member, "TSIntersectionType");
    const union = parts.find((part) => membersOf(part, "TSUnionType").length > 1);
    if (union !== undefined) return variantsOf(file, union);
    const objects = parts.flatMap((part) => (part.type === "TSTypeLiteral" ? [part] : []));
    const tag = objects.flatMap((object) => tagOf(object)?.value ?? [])[0];
    if (tag !== undefined) return [tag];
    return [objects.some(({ members }) => members.length > 0) ? "{…}" : sourceOf(file, member)];
  });
}

function describeSharedFields(
  types: ReadonlyMap<string, TypeFile>,
  others: ReadonlyMap<string, TypeFile>,
): ReadonlyMap<string, string> {
  return new Map(
    [...types].flatMap(([key, file]) => (others.has(key) ? describeFields(key, file) : [])),
  );
}

function describeFields(key: string, file: TypeFile): readonly (readonly [string, string])[] {
  return objectsOf(file.type).flatMap((object) => {
    const tag = tagOf(object)?.value;
    return [...propertiesOf(object)].map(([field, property]): readonly [string, string] => {
      const type = property.typeAnnotation?.typeAnnotation;
      const text = type === undefined ? "" : sourceOf(file, type);
      return [
        `${key}${tag === undefined ? "" : `<${tag}>`}.${field}`,
        `${property.optional ? "?" : ""}: ${text}`,
      ];
    });
  });
}

function sourceOf(file: TypeFile, { start, end }: TSType): string {
  return file.text
    .slice(start, end)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ");
}
