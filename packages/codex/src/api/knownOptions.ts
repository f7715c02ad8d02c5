import { InvalidOptionError } from "../errors.js";

/**
 * The names of an options type, as a list that exists at run time. The type checker refuses a table
 * that lacks a name or has one too many, so a regenerated protocol that adds an option shows up here.
 */
export function namesOf<Options>(
  table: Readonly<Record<keyof Options, true>>,
): ReadonlySet<string> {
  return new Set(Object.keys(table));
}

const ROUTING_HINTS: Readonly<Record<string, string>> = {
  approvalPolicy: "pass approvalMode (or onApproval)",
  approvalsReviewer: "pass approvalMode (or onApproval)",
  sandboxPolicy: "pass sandbox",
  dynamicTools: "pass tools",
};

/** Refuses members that are not in `known`, and lists those that are. */
export function checkOptions(method: string, options: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    const hint = ROUTING_HINTS[name];
    throw new InvalidOptionError(
      name,
      `${method} has no such option${hint === undefined ? "" : ` (${hint})`}; the known ones are ${[...known].join(", ")}.`,
    );
  }
}
