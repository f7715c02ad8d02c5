import { checkOptions, type OptionCheck } from "../internal/validate.js";

// Only until client/transportOptions.ts builds its own option tables.
export function checkKnown(what: string, options: object, known: ReadonlySet<string>): void {
  const table = new Map<string, OptionCheck | undefined>();
  for (const name of known) table.set(name, undefined);
  checkOptions(what, options, table);
}
