import type {
  Change,
  Described,
  DescribedMethod,
  DescribedType,
  ElementDiff,
  ProtocolDiff,
} from "@codex-tools/typegen";

/** One change of the protocol, as a line of Markdown with a name that can be searched for. */
export interface ProtocolChange {
  /** The bare name: `thread/start`, `ThreadItem`, or of a field its own name. */
  readonly name: string;
  /** The type that a field belongs to, without its folder and variant. */
  readonly type?: string;
  readonly line: string;
}

/** The changes of a protocol, by their effect on programs that are written against the types. */
export interface ProtocolChanges {
  /** True for a change that breaks such a program. */
  readonly breaking: readonly ProtocolChange[];
  readonly added: readonly ProtocolChange[];
  /** Changes that such a program does not notice. */
  readonly compatible: readonly ProtocolChange[];
}

const METHOD_KINDS = {
  clientRequests: "client request",
  serverRequests: "server request",
  serverNotifications: "server notification",
  clientNotifications: "client notification",
} as const;

/** Sorts a difference by its effect. */
export function protocolChanges(diff: ProtocolDiff): ProtocolChanges {
  const breaking: ProtocolChange[] = [];
  const added: ProtocolChange[] = [];
  const compatible: ProtocolChange[] = [];
  for (const kind of [
    "clientRequests",
    "serverRequests",
    "serverNotifications",
    "clientNotifications",
  ] as const) {
    sortMethods(METHOD_KINDS[kind], diff[kind], { breaking, added, compatible });
  }
  sortTypes(diff.types, { breaking, added, compatible });
  sortFields(diff.fields, { breaking, added, compatible });
  return { breaking, added, compatible };
}

interface Lists {
  readonly breaking: ProtocolChange[];
  readonly added: ProtocolChange[];
  readonly compatible: ProtocolChange[];
}

function sortMethods(kind: string, diff: ElementDiff<DescribedMethod>, lists: Lists): void {
  for (const { method, stability } of diff.removed) {
    lists.breaking.push({ name: method, line: `removed: ${kind} \`${method}\` (${stability})` });
  }
  for (const { before, after } of diff.changed) {
    const changes = [
      ...difference("params", before.params, after.params),
      ...difference("result", before.result ?? "", after.result ?? ""),
      ...difference("stability", before.stability, after.stability),
    ];
    const isHarmless =
      before.params === after.params &&
      before.result === after.result &&
      after.stability === "stable";
    (isHarmless ? lists.compatible : lists.breaking).push({
      name: after.method,
      line: `changed: ${kind} \`${after.method}\`: ${changes.join(", ")}`,
    });
  }
  for (const entry of diff.added) {
    lists.added.push({
      name: entry.method,
      line: [
        `${kind} \`${entry.method}\` (${entry.stability})`,
        `  - params: \`${entry.params}\`${shapeOf(entry.paramsFields)}`,
        // A result that is not known is a decision; the changelog must not state it.
        ...(entry.result === null || entry.result === "unknown"
          ? []
          : [`  - result: \`${entry.result}\`${shapeOf(entry.resultFields)}`]),
      ].join("\n"),
    });
  }
}

function sortTypes(diff: ElementDiff<DescribedType>, lists: Lists): void {
  for (const type of diff.removed) {
    lists.breaking.push({
      name: bareType(type.name),
      line: `removed: type \`${type.name}\` (${type.stability})`,
    });
  }
  for (const change of diff.changed) {
    const { before, after } = change;
    const gone = before.parts.filter((part) => !after.parts.includes(part));
    const fresh = after.parts.filter((part) => !before.parts.includes(part));
    const notes = [
      ...(gone.length === 0 ? [] : [`lost ${code(gone)}`]),
      ...(fresh.length === 0 ? [] : [`gained ${code(fresh)}`]),
      ...difference("stability", before.stability, after.stability),
    ];
    // A closed type that a client reads: a switch over all of its values no longer covers them.
    const isUnexpected = fresh.length > 0 && after.writtenBy !== "client" && !after.open;
    const isBreaking = gone.length > 0 || isUnexpected || becameExperimental(change);
    (isBreaking ? lists.breaking : lists.compatible).push({
      name: bareType(after.name),
      line: `changed: type \`${after.name}\` (${traits(after)}): ${notes.join(", ")}`,
    });
  }
  for (const type of diff.added) {
    lists.added.push({
      name: bareType(type.name),
      line: `type \`${type.name}\` (${traits(type)}):${formOf(type)}`,
    });
  }
}

function sortFields(diff: ElementDiff<Described>, lists: Lists): void {
  for (const field of diff.removed) {
    lists.breaking.push({
      ...fieldNames(field),
      line: `removed: \`${signature(field)}\` (${traits(field)})`,
    });
  }
  for (const change of diff.changed) {
    const { before, after } = change;
    const isNarrower = after.writtenBy === "client" ? before.optional : after.optional;
    const isBreaking =
      before.text !== after.text ||
      (before.optional !== after.optional && (after.writtenBy === "both" || isNarrower)) ||
      becameExperimental(change);
    (isBreaking ? lists.breaking : lists.compatible).push({
      ...fieldNames(after),
      line: `changed: \`${signature(before)}\` is now \`${signature(after)}\` (${traits(after)})`,
    });
  }
  for (const field of diff.added) {
    const isDemanded = !field.optional && ["client", "both"].includes(field.writtenBy);
    const change = { ...fieldNames(field), line: `\`${signature(field)}\` (${traits(field)})` };
    if (isDemanded)
      lists.breaking.push({ ...change, line: `required from now on: ${change.line}` });
    else lists.added.push(change);
  }
}

function becameExperimental({ before, after }: Change<Described>): boolean {
  return before.stability === "stable" && after.stability === "experimental";
}

function difference(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`${what} \`${before}\` is now \`${after}\``];
}

/** A field as it stands in the types: `v2/Thread.name?: string | null`. */
function signature({ name, optional, text }: Described): string {
  return `${name}${optional ? "?" : ""}: ${text}`;
}

function traits({ stability, writtenBy }: Described): string {
  return writtenBy === "nobody" ? stability : `${stability}, written by ${WRITERS[writtenBy]}`;
}

const WRITERS = { client: "the client", runtime: "the runtime", both: "both sides" } as const;

function shapeOf(fields: readonly Described[]): string {
  if (fields.length === 0) return "";
  const members = fields.map(
    ({ name, optional, text }) => `${bareField(name)}${optional ? "?" : ""}: ${text}`,
  );
  return ` \`{ ${members.join("; ")} }\``;
}

/** The fields of an object type, the variants or values of any other. */
function formOf({ parts, fields }: DescribedType): string {
  const isPlainObject = parts.every((part) => part === "{…}") && fields.length > 0;
  return isPlainObject ? shapeOf(fields) : ` ${code(parts)}`;
}

function code(parts: readonly string[]): string {
  return parts.map((part) => `\`${part}\``).join(", ");
}

function fieldNames({ name }: Described): { readonly name: string; readonly type: string } {
  return { name: bareField(name), type: bareType(name.slice(0, name.lastIndexOf("."))) };
}

function bareField(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function bareType(name: string): string {
  return name.replace(/<.*$/, "").replace(/^.*\//, "");
}
