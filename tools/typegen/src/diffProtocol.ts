import { type Described, describeTree, type TreeDescription } from "./describeTree.js";
import { comparePaths, type FileTree, readTree } from "./fileTree.js";
import type { MethodEntry } from "./methodMaps.js";

/** An element that both protocols have, in different forms. */
export interface Change<T> {
  readonly before: T;
  readonly after: T;
}

/** The elements that only one of two protocols has, and those that changed; each list sorted by name. */
export interface ElementDiff<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly Change<T>[];
}

/** A request or notification with the fields of the types that it names. */
export interface DescribedMethod extends MethodEntry {
  readonly paramsFields: readonly Described[];
  readonly resultFields: readonly Described[];
}

/** A type with its fields. */
export interface DescribedType extends Described {
  readonly fields: readonly Described[];
}

/** The difference between two generated trees, for release notes and for the adaptation of the SDK. */
export interface ProtocolDiff {
  readonly clientRequests: ElementDiff<DescribedMethod>;
  readonly serverRequests: ElementDiff<DescribedMethod>;
  readonly serverNotifications: ElementDiff<DescribedMethod>;
  readonly clientNotifications: ElementDiff<DescribedMethod>;
  /** Types; a change is one of their variants, values or stability. */
  readonly types: ElementDiff<DescribedType>;
  /** Fields of types that both protocols have. */
  readonly fields: ElementDiff<Described>;
  /** Types and fields that both have with different doc comments. */
  readonly docs: readonly Change<Described>[];
  /** Requests of the new protocol whose result is not known. */
  readonly unmappedResults: readonly string[];
  /** Response types of the new protocol that are not the result of a request. */
  readonly unusedResponses: readonly string[];
  /** Entries of the table of response types that the new protocol does not need. */
  readonly staleResponses: readonly string[];
}

/** Compares two folders that `generateTypes` wrote. */
export async function diffProtocol(beforeDir: string, afterDir: string): Promise<ProtocolDiff> {
  return diffTrees(await readTree(beforeDir), await readTree(afterDir));
}

/** As {@link diffProtocol}, on trees in memory. */
export function diffTrees(before: FileTree, after: FileTree): ProtocolDiff {
  const [old, present] = [describeTree(before), describeTree(after)];
  const methods = (map: string): ElementDiff<DescribedMethod> =>
    diffElements(
      describeMethods(old, map),
      describeMethods(present, map),
      ({ params, result, stability }) => `${stability}: ${params} → ${result}`,
    );
  const typesOf = ({ types, fields }: TreeDescription): ReadonlyMap<string, DescribedType> =>
    new Map([...types].map(([name, type]) => [name, { ...type, fields: fields.get(name) ?? [] }]));
  const types = diffElements(
    typesOf(old),
    typesOf(present),
    ({ parts, stability }) => `${stability}: ${parts.join(" | ")}`,
  );
  const sharedFields = (tree: TreeDescription, other: TreeDescription) =>
    new Map(
      [...tree.fields].flatMap(([type, fields]) =>
        other.types.has(type) ? fields.map((field) => [field.name, field] as const) : [],
      ),
    );
  const oldFields = sharedFields(old, present);
  const presentFields = sharedFields(present, old);
  const fields = diffElements(
    oldFields,
    presentFields,
    ({ text, optional, stability }) => `${stability}${optional ? "?" : ""}: ${text}`,
  );
  const manifest = readManifest(after);
  const results = new Set([...present.maps.values()].flat().flatMap(({ result }) => result ?? []));
  return {
    clientRequests: methods("ClientRequestMap"),
    serverRequests: methods("ServerRequestMap"),
    serverNotifications: methods("ServerNotificationMap"),
    clientNotifications: methods("ClientNotificationMap"),
    types,
    fields,
    docs: [
      ...diffElements(old.types, present.types, ({ doc }) => doc).changed,
      ...diffElements(oldFields, presentFields, ({ doc }) => doc).changed,
    ],
    unmappedResults: manifest.unmappedResults,
    unusedResponses: [...present.types.keys()]
      .map((name) => name.replace(/^.*\//, ""))
      .filter((name) => name.endsWith("Response") && !results.has(name))
      .toSorted(comparePaths),
    staleResponses: manifest.staleResponses,
  };
}

function describeMethods(
  { maps, fields }: TreeDescription,
  map: string,
): ReadonlyMap<string, DescribedMethod> {
  const fieldsOf = (type: string | null): readonly Described[] => {
    const name = (type ?? "").replace(/ \| null$/, "");
    return fields.get(`v2/${name}`) ?? fields.get(name) ?? [];
  };
  return new Map(
    (maps.get(map) ?? []).map((entry) => [
      entry.method,
      {
        ...entry,
        paramsFields: fieldsOf(entry.params),
        resultFields: fieldsOf(entry.result),
      },
    ]),
  );
}

function diffElements<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  formOf: (element: T) => string,
): ElementDiff<T> {
  const only = (some: ReadonlyMap<string, T>, others: ReadonlyMap<string, T>): readonly T[] =>
    [...some]
      .filter(([name]) => !others.has(name))
      .toSorted(([left], [right]) => comparePaths(left, right))
      .map(([, element]) => element);
  const changed = [...after]
    .toSorted(([left], [right]) => comparePaths(left, right))
    .flatMap(([name, element]): Change<T>[] => {
      const previous = before.get(name);
      return previous === undefined || formOf(previous) === formOf(element)
        ? []
        : [{ before: previous, after: element }];
    });
  return { added: only(after, before), removed: only(before, after), changed };
}

function readManifest(tree: FileTree): {
  readonly unmappedResults: readonly string[];
  readonly staleResponses: readonly string[];
} {
  const manifest: unknown = JSON.parse(tree.get("manifest.json") ?? "{}");
  const listOf = (key: string): readonly string[] => {
    const value: unknown =
      typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, key) : undefined;
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    unmappedResults: listOf("unmappedResults"),
    staleResponses: listOf("staleResponses"),
  };
}
