import type { TSType } from "oxc-parser";

import { GenerationError } from "./generationError.js";
import type { TypeFile } from "./parseTypes.js";
import { literalOf, membersOf, propertiesOf } from "./unionTypes.js";

/** A variant of one of the unions of messages: `{ method, id?, params? }`. */
export interface MethodVariant {
  readonly method: string;
  /** The source of the type of `params`, or null where the message has no such member. */
  readonly params: string | null;
  /** The name of the params type, without `| null`; null where there is none. */
  readonly paramsName: string | null;
}

/** Reads the variants of `ClientRequest`, `ServerRequest`, `ServerNotification` or `ClientNotification`, in order. */
export function readMethods(file: TypeFile): readonly MethodVariant[] {
  const variants = membersOf(file.type, "TSUnionType").map((type) => readVariant(file, type));
  const seen = new Set<string>();
  for (const { method } of variants) {
    if (seen.has(method)) {
      throw new GenerationError("UNEXPECTED_SYNTAX", `${file.path} lists ${method} twice.`);
    }
    seen.add(method);
  }
  return variants;
}

function readVariant(file: TypeFile, type: TSType): MethodVariant {
  const properties = type.type === "TSTypeLiteral" ? propertiesOf(type) : null;
  const method = literalOf(properties?.get("method")?.typeAnnotation?.typeAnnotation);
  if (method === null) {
    throw new GenerationError(
      "UNEXPECTED_SYNTAX",
      `${file.path} holds a variant without a literal \`method\`: ${file.text.slice(type.start, type.end)}`,
    );
  }
  const params = properties?.get("params")?.typeAnnotation?.typeAnnotation;
  if (params === undefined) return { method, params: null, paramsName: null };
  const names = membersOf(params, "TSUnionType").flatMap((member) =>
    member.type === "TSTypeReference" && member.typeName.type === "Identifier"
      ? [member.typeName.name]
      : [],
  );
  return {
    method,
    params: file.text.slice(params.start, params.end),
    paramsName: names.length === 1 ? (names[0] ?? null) : null,
  };
}
