import type { TSType } from "oxc-parser";

import { directionOf } from "./direction.js";
import { docBefore } from "./docComments.js";
import { EXPERIMENTAL_TAG } from "./experimental.js";
import type { FileTree } from "./fileTree.js";
import { type MethodEntry, readMaps, type Stability } from "./methodMaps.js";
import type { MethodVariant } from "./methods.js";
import { parseTypeFile, type TypeFile } from "./parseTypes.js";
import { membersOf, objectsOf, propertiesOf, tagOf } from "./unionTypes.js";

/** The sides that write a type: the client (params, answers), the runtime (results, notifications), or both. */
export type WrittenBy = "client" | "runtime" | "both" | "nobody";

/** A type or a field of a generated tree. */
export interface Described {
  /** `v2/Thread`, `v2/Thread.id` or `v2/ThreadItem<agentMessage>.text`. */
  readonly name: string;
  /** A field's type; of a type its {@link parts}, joined. */
  readonly text: string;
  /** The variants of a union and the values of an enum; a field has none. */
  readonly parts: readonly string[];
  readonly optional: boolean;
  readonly stability: Stability;
  readonly writtenBy: WrittenBy;
  /** True if the type has a member for values that it does not know. */
  readonly open: boolean;
  /** The doc comment, without the tag of experimental members. */
  readonly doc: string;
}

/** A generated tree, read back from its files. */
export interface TreeDescription {
  /** The method maps, by name. */
  readonly maps: ReadonlyMap<string, readonly MethodEntry[]>;
  readonly types: ReadonlyMap<string, Described>;
  /** The fields of each type, by the type's name. */
  readonly fields: ReadonlyMap<string, readonly Described[]>;
}

/** The unions of messages, which the method maps describe better. */
const MESSAGE_UNIONS = /^(?:Client|Server)(?:Request|Notification|NotificationEnvelope)\.ts$/;

/** Reads a tree that `renderProtocol` gave. */
export function describeTree(tree: FileTree): TreeDescription {
  const maps = readMaps(tree.get("methodMaps.ts") ?? "");
  const files: TypeFile[] = [];
  for (const [path, text] of tree) {
    // Files of the runtime have the name of their type; those of the generator begin in lower case.
    if (/(?:^|\/)[A-Z]\w*\.ts$/.test(path) && !MESSAGE_UNIONS.test(path)) {
      files.push(parseTypeFile(path, text));
    }
  }
  const writerOf = writers(files, maps);
  const types = new Map<string, Described>();
  const fields = new Map<string, readonly Described[]>();
  for (const file of files) {
    const name = file.path.replace(/\.ts$/, "");
    const writtenBy = writerOf(file);
    const type = describeType(file, name, writtenBy);
    types.set(name, type);
    fields.set(name, describeFields(file, name, writtenBy, type.stability));
  }
  return { maps, types, fields };
}

function writers(
  files: readonly TypeFile[],
  maps: TreeDescription["maps"],
): (file: TypeFile) => WrittenBy {
  const methodsOf = (map: string): readonly MethodVariant[] =>
    (maps.get(map) ?? []).map(({ method, params }) => ({
      method,
      params,
      paramsName: params.replace(/ \| null$/, ""),
    }));
  const requests = [
    ...(maps.get("ClientRequestMap") ?? []),
    ...(maps.get("ServerRequestMap") ?? []),
  ];
  const { read, written } = directionOf(
    files,
    // Sorted, so that of two types with one name that of `v2` counts, as in the flat index.
    new Map(files.map((file) => [file.name, file])),
    {
      clientRequests: methodsOf("ClientRequestMap"),
      serverRequests: methodsOf("ServerRequestMap"),
      serverNotifications: methodsOf("ServerNotificationMap"),
      responses: new Map(requests.map(({ method, result }) => [method, result ?? ""])),
    },
  );
  return (file) => {
    if (written.has(file)) return read.has(file) ? "both" : "client";
    return read.has(file) ? "runtime" : "nobody";
  };
}

function describeType(file: TypeFile, name: string, writtenBy: WrittenBy): Described {
  const statement = file.program.body.find(({ type }) => type === "ExportNamedDeclaration");
  const parts = variantsOf(file, file.type);
  return {
    name,
    text: parts.join(" | "),
    parts,
    optional: false,
    writtenBy,
    open: /\(string & \{\}\)|\bUnknown\w+/.test(sourceOf(file, file.type)),
    ...documentation(file.text, statement?.start ?? 0),
  };
}

/** The variants of a union: their tags where they have one; an object stands for its fields, described apart. */
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

function describeFields(
  file: TypeFile,
  type: string,
  writtenBy: WrittenBy,
  stabilityOfType: Stability,
): readonly Described[] {
  return objectsOf(file.type).flatMap((object) => {
    const tag = tagOf(object)?.value;
    const variant = documentation(file.text, object.start).stability;
    return [...propertiesOf(object)].map(([field, property]): Described => {
      const annotation = property.typeAnnotation?.typeAnnotation;
      const described = documentation(file.text, property.start);
      const isExperimental = [stabilityOfType, variant, described.stability].includes(
        "experimental",
      );
      return {
        name: `${type}${tag === undefined ? "" : `<${tag}>`}.${field}`,
        text: annotation === undefined ? "unknown" : sourceOf(file, annotation),
        parts: [],
        optional: property.optional,
        writtenBy,
        open: false,
        doc: described.doc,
        stability: isExperimental ? "experimental" : "stable",
      };
    });
  });
}

function documentation(text: string, start: number): Pick<Described, "doc" | "stability"> {
  const lines = docBefore(text, start).split("\n");
  return {
    doc: lines.filter((line) => line !== EXPERIMENTAL_TAG).join("\n"),
    stability: lines.includes(EXPERIMENTAL_TAG) ? "experimental" : "stable",
  };
}

function sourceOf(file: TypeFile, { start, end }: TSType): string {
  return file.text
    .slice(start, end)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
