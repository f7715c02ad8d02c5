import type { TSInterfaceBody, TSPropertySignature, TSType, TSTypeLiteral } from "oxc-parser";

/** The members of a union or an intersection, nested ones and parentheses flattened; else the type alone. */
export function membersOf(
  type: TSType,
  kind: "TSUnionType" | "TSIntersectionType",
): readonly TSType[] {
  if (type.type === "TSParenthesizedType") return membersOf(type.typeAnnotation, kind);
  return type.type === kind ? type.types.flatMap((member) => membersOf(member, kind)) : [type];
}

/** The object types that a union of objects is made of, those inside its intersections included. */
export function objectsOf(type: TSType): readonly TSTypeLiteral[] {
  return membersOf(type, "TSUnionType").flatMap((member) => {
    if (member.type === "TSTypeLiteral") return [member];
    if (member.type !== "TSIntersectionType") return [];
    return membersOf(member, "TSIntersectionType").flatMap(objectsOf);
  });
}

/** The properties of an object type or an interface by their names. */
export function propertiesOf(
  type: TSTypeLiteral | TSInterfaceBody,
): ReadonlyMap<string, TSPropertySignature> {
  const properties = new Map<string, TSPropertySignature>();
  for (const member of type.type === "TSTypeLiteral" ? type.members : type.body) {
    if (member.type !== "TSPropertySignature") continue;
    if (member.key.type === "Identifier") properties.set(member.key.name, member);
    if (member.key.type === "Literal") properties.set(String(member.key.value), member);
  }
  return properties;
}

/** The text of a string-literal type, else null. */
export function literalOf(type: TSType | undefined): string | null {
  if (type?.type !== "TSLiteralType" || type.literal.type !== "Literal") return null;
  return typeof type.literal.value === "string" ? type.literal.value : null;
}

/** Returns the property whose literal type distinguishes the variants of a union, as `type=agentMessage`; null if none. */
export function tagOf(
  type: TSTypeLiteral,
): { readonly key: string; readonly value: string } | null {
  for (const [key, property] of propertiesOf(type)) {
    const value = literalOf(property.typeAnnotation?.typeAnnotation);
    if (value !== null) return { key, value };
  }
  return null;
}
