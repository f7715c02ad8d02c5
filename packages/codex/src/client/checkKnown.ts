import { InvalidOptionError } from "../errors.js";

/** Refuses members that are not in `known`, and lists those that are. */
export function checkKnown(what: string, options: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    throw new InvalidOptionError(
      name,
      `${what} has no such option; the known ones are ${[...known].join(", ")}.`,
    );
  }
}
