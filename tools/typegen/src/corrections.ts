import { posix } from "node:path";

import type { FileTree } from "./fileTree.js";
import { GenerationError } from "./generationError.js";
import { applyEdits, type Edit, type TypeFile, walk } from "./parseTypes.js";

/**
 * Import specifiers that Node resolves: relative ones get the `.js` that NodeNext asks for.
 *
 * @throws GenerationError `IMPORT_TARGET_MISSING` if the file that one names is not in the tree.
 */
export function importEdits(file: TypeFile, tree: FileTree): readonly Edit[] {
  return file.program.body.flatMap((statement): Edit[] => {
    if (statement.type !== "ImportDeclaration") return [];
    const { start, end, value } = statement.source;
    const target = posix.join(posix.dirname(file.path), `${value}.ts`);
    if (!value.startsWith(".") || !tree.has(target)) {
      throw new GenerationError(
        "IMPORT_TARGET_MISSING",
        `${file.path} imports "${value}", but the runtime wrote no ${target}.`,
      );
    }
    return [{ start, end, text: `"${value}.js"` }];
  });
}

/** The generator's 64-bit integers are `bigint`, but `JSON.parse` gives a `number`, and so they are here. */
export function integerEdits(file: TypeFile): readonly Edit[] {
  const edits: Edit[] = [];
  walk(file.type, ({ type, start, end }) => {
    if (type === "TSBigIntKeyword") edits.push({ start, end, text: "number" });
  });
  return edits;
}

/** Applies all corrections to a file, and puts `header` in the place of the runtime's own. */
export function correct(
  file: TypeFile,
  tree: FileTree,
  header: string,
  edits: readonly Edit[],
): string {
  const corrected = applyEdits(file.text, [
    ...importEdits(file, tree),
    ...integerEdits(file),
    ...edits,
  ]);
  return header + corrected.replace(/^(?:\/\/.*\n|\n)+/, "");
}
