import { posix } from "node:path";

import type { MethodVariant } from "./methods.js";
import type { TypeFile } from "./parseTypes.js";

/** Types that a client writes, and types that it reads; some are in both. */
export interface Direction {
  readonly written: ReadonlySet<TypeFile>;
  readonly read: ReadonlySet<TypeFile>;
}

/** The messages whose params and results decide on the direction of every type. */
export interface Messages {
  readonly clientRequests: readonly MethodVariant[];
  readonly serverRequests: readonly MethodVariant[];
  readonly serverNotifications: readonly MethodVariant[];
  /** Request method → name of its result type. */
  readonly responses: ReadonlyMap<string, string>;
}

/** Follows the imports from the params and results of all messages, as the runtime or this tool wrote them. */
export function directionOf(
  files: readonly TypeFile[],
  byName: ReadonlyMap<string, TypeFile>,
  messages: Messages,
): Direction {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reach = (names: readonly (string | null | undefined)[]): ReadonlySet<TypeFile> => {
    const reached = new Set(names.flatMap((name) => byName.get(name ?? "") ?? []));
    // What is added to a set while it is walked is walked too.
    for (const file of reached) {
      for (const path of importedPaths(file)) {
        const imported = byPath.get(path);
        if (imported !== undefined) reached.add(imported);
      }
    }
    return reached;
  };
  const { responses } = messages;
  return {
    written: reach([
      ...messages.clientRequests.map(({ paramsName }) => paramsName),
      ...messages.serverRequests.map(({ method }) => responses.get(method)),
    ]),
    read: reach([
      ...messages.serverRequests.map(({ paramsName }) => paramsName),
      ...messages.serverNotifications.map(({ paramsName }) => paramsName),
      ...messages.clientRequests.map(({ method }) => responses.get(method)),
    ]),
  };
}

function importedPaths(file: TypeFile): readonly string[] {
  return file.program.body.flatMap((statement) =>
    statement.type === "ImportDeclaration"
      ? [posix.join(posix.dirname(file.path), statement.source.value.replace(/(?:\.js)?$/, ".ts"))]
      : [],
  );
}
