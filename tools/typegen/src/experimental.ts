import type { TSType, TSTypeLiteral } from "oxc-parser";

import { docLineEdit } from "./docComments.js";
import type { Edit, TypeFile } from "./parseTypes.js";
import { literalOf, membersOf, objectsOf, propertiesOf, tagOf } from "./unionTypes.js";

/** The tag in the doc comments of types and members that only the experimental protocol has. */
export const EXPERIMENTAL_TAG = "@experimental";

/** A type, variant or property that only the experimental protocol has. */
export interface ExperimentalMember {
  /** For instance `Project`, `ThreadItem<hook>` or `TurnStartParams.permissions`. */
  readonly name: string;
  readonly edit: Edit;
}

/**
 * The parts of a type that the stable output of the runtime lacks, which works only with
 * `capabilities.experimentalApi`. `stable` is the type in that output, undefined if it is not there.
 */
export function findExperimental(
  file: TypeFile,
  stable: TypeFile | undefined,
): readonly ExperimentalMember[] {
  const mark = (name: string, start: number): ExperimentalMember => ({
    name,
    edit: docLineEdit(file.text, start, EXPERIMENTAL_TAG),
  });
  if (stable === undefined) {
    const statement = file.program.body.find(({ type }) => type === "ExportNamedDeclaration");
    return statement === undefined ? [] : [mark(file.name, statement.start)];
  }
  const stableVariants = keysByTag(stable.type);
  const stableLiterals = literalsOf(stable.type);
  const literals = [...literalsOf(file.type)].flatMap(([literal, start]) =>
    stableLiterals.has(literal) ? [] : [mark(`${file.name}<${literal}>`, start)],
  );
  const members = objectsOf(file.type).flatMap((object) => {
    const tag = tagOf(object)?.value;
    const variant = tag === undefined ? file.name : `${file.name}<${tag}>`;
    const keys = stableVariants.get(tag);
    if (keys === undefined) return [mark(variant, object.start)];
    return [...propertiesOf(object)].flatMap(([key, { start }]) =>
      keys.has(key) ? [] : [mark(`${variant}.${key}`, start)],
    );
  });
  return [...literals, ...members];
}

/** The property names of each variant of a union, by its tag; of all variants without one together. */
function keysByTag(type: TSType): ReadonlyMap<string | undefined, ReadonlySet<string>> {
  const keys = new Map<string | undefined, Set<string>>();
  for (const object of objectsOf(type)) {
    const tag = tagOf(object)?.value;
    keys.set(tag, new Set([...(keys.get(tag) ?? []), ...keysOf(object)]));
  }
  return keys;
}

function keysOf(object: TSTypeLiteral): readonly string[] {
  return [...propertiesOf(object).keys()];
}

function literalsOf(type: TSType): ReadonlyMap<string, number> {
  return new Map(
    membersOf(type, "TSUnionType").flatMap((member): [string, number][] => {
      const literal = literalOf(member);
      return literal === null ? [] : [[literal, member.start]];
    }),
  );
}
