import type { TSType } from "oxc-parser";

import type { Direction } from "./direction.js";
import type { Edit, TypeFile } from "./parseTypes.js";
import { literalOf, membersOf } from "./unionTypes.js";

/**
 * String enums that a client also writes, but reads from stored threads of other versions: these are
 * opened too. All that a client only reads are opened by rule.
 */
const OPEN_THOUGH_WRITTEN: ReadonlySet<string> = new Set(["MessagePhase"]);

/** The unions of objects that get a variant for what the pinned protocol does not know. */
const OPEN_UNIONS: Readonly<Record<string, string>> = {
  ServerNotification: "UnknownServerNotification",
  ServerNotificationEnvelope: "UnknownServerNotification",
  ServerRequest: "UnknownServerRequest",
  ThreadItem: "UnknownThreadItem",
};

/** The file that declares the variants of {@link OPEN_UNIONS}, without its header. */
export const UNRECOGNIZED_SOURCE = `import type { RequestId } from "./RequestId.js";

/**
 * The tag of a variant that the pinned protocol does not know: any string at run time, never one of this
 * form. The pattern is there for the compiler, which would take a plain (or branded) string for a
 * possible \`"agentMessage"\`: with it, \`item.type === "agentMessage"\` narrows to the known variant
 * alone. Assign the tag to a \`string\` to compare it with one that is newer than these types.
 */
export type Unrecognized = \`(unrecognized) \${string}\`;

/** An item of a type that the pinned protocol does not know, passed through as it came. */
export type UnknownThreadItem = { type: Unrecognized; id: string; [field: string]: unknown };

/** A notification that the pinned protocol does not know, passed through as it came. */
export type UnknownServerNotification = { method: Unrecognized; params?: unknown };

/** A request of the runtime that the pinned protocol does not know. */
export type UnknownServerRequest = { method: Unrecognized; id: RequestId; params?: unknown };
`;

/** The path of {@link UNRECOGNIZED_SOURCE} in the generated tree. */
export const UNRECOGNIZED_PATH = "unrecognized.ts";

/**
 * Opens a type to values of later runtimes, without losing the known ones: \`| (string & {})\` keeps
 * completion, where a plain \`| string\` (as the runtime itself writes it in places) swallows the literals.
 */
export function openingEdits(file: TypeFile, direction: Direction): readonly Edit[] {
  const variant = OPEN_UNIONS[file.name];
  if (variant !== undefined) return openUnion(file, variant);
  const members = membersOf(file.type, "TSUnionType");
  if (!members.some((member) => literalOf(member) !== null)) return [];
  const plain = members.find(({ type }) => type === "TSStringKeyword");
  if (plain !== undefined) return [{ start: plain.start, end: plain.end, text: "(string & {})" }];
  if (!isOpened(file, direction, members)) return [];
  const { end } = file.type;
  return [{ start: end, end, text: " | (string & {})" }];
}

/** Enums of one value are constants of a schema (`type: "object"`) rather than lists that grow. */
function isOpened(
  file: TypeFile,
  { read, written }: Direction,
  members: readonly TSType[],
): boolean {
  if (OPEN_THOUGH_WRITTEN.has(file.name)) return true;
  return (
    read.has(file) &&
    !written.has(file) &&
    members.length > 1 &&
    !file.name.startsWith("McpElicitation")
  );
}

function openUnion(file: TypeFile, variant: string): readonly Edit[] {
  const union = membersOf(file.type, "TSIntersectionType").at(-1);
  const last = union === undefined ? undefined : membersOf(union, "TSUnionType").at(-1);
  if (last === undefined) return [];
  const depth = file.path.split("/").length - 1;
  const imports = file.program.body.filter(({ type }) => type === "ImportDeclaration");
  const afterImports = imports.at(-1)?.end ?? 0;
  return [
    {
      start: afterImports,
      end: afterImports,
      text: `\nimport type { ${variant} } from "${depth === 0 ? "./" : "../".repeat(depth)}unrecognized.js";`,
    },
    { start: last.end, end: last.end, text: ` | ${variant}` },
  ];
}
