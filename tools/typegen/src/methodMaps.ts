import { parseSync, type TSTypeLiteral } from "oxc-parser";

import type { MethodVariant } from "./methods.js";
import { literalOf, propertiesOf } from "./unionTypes.js";

/** True if a method is there for every client, or only for those that ask for the experimental API. */
export type Stability = "stable" | "experimental";

/** A method as it stands in the generated maps. */
export interface MethodEntry {
  readonly method: string;
  /** The source of the params type; `undefined` where the method has none. */
  readonly params: string;
  /** The name of the result type, `unknown` if it is not known yet; null for a notification. */
  readonly result: string | null;
  readonly stability: Stability;
}

/** Joins the descriptions of one union of messages in the two trees and the response map. */
export function toEntries(
  variants: readonly MethodVariant[],
  stableMethods: ReadonlySet<string>,
  responses: ReadonlyMap<string, string> | null,
): readonly MethodEntry[] {
  return variants.map(({ method, params }) => ({
    method,
    params: params ?? "undefined",
    result: responses === null ? null : (responses.get(method) ?? "unknown"),
    stability: stableMethods.has(method) ? "stable" : "experimental",
  }));
}

/** Renders one interface: method → `{ params, result?, stability }`. */
export function renderMap(
  name: string,
  description: string,
  entries: readonly MethodEntry[],
): string {
  const members = entries.map(({ method, params, result, stability }) => {
    const fields = [
      `params: ${params}`,
      ...(result === null ? [] : [`result: ${result}`]),
      `stability: "${stability}"`,
    ];
    return `  ${JSON.stringify(method)}: { ${fields.join("; ")} };\n`;
  });
  return `/** ${description} */\nexport interface ${name} {\n${members.join("")}}\n`;
}

/** Reads what {@link renderMap} wrote: the entries of every map in a file, by the map's name. */
export function readMaps(text: string): ReadonlyMap<string, readonly MethodEntry[]> {
  const maps = new Map<string, readonly MethodEntry[]>();
  for (const statement of parseSync("methodMaps.ts", text).program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    const { declaration } = statement;
    if (declaration?.type !== "TSInterfaceDeclaration") continue;
    const entries = [...propertiesOf(declaration.body)].flatMap(([method, { typeAnnotation }]) => {
      const type = typeAnnotation?.typeAnnotation;
      return type?.type === "TSTypeLiteral" ? [readEntry(method, type, text)] : [];
    });
    maps.set(declaration.id.name, entries);
  }
  return maps;
}

function readEntry(method: string, type: TSTypeLiteral, text: string): MethodEntry {
  const fields = propertiesOf(type);
  const sourceOf = (field: string): string | null => {
    const node = fields.get(field)?.typeAnnotation?.typeAnnotation;
    return node === undefined ? null : text.slice(node.start, node.end);
  };
  const stability = literalOf(fields.get("stability")?.typeAnnotation?.typeAnnotation);
  return {
    method,
    params: sourceOf("params") ?? "undefined",
    result: sourceOf("result"),
    stability: stability === "stable" ? "stable" : "experimental",
  };
}
