import { CLIENT_OPTIONS, type ClientOptions } from "../client/options.js";
import { InvalidOptionError } from "../errors.js";
import { isObject } from "../internal/isObject.js";
import {
  checkDuration,
  checkOptions,
  describeValue,
  optionsOf,
  type OptionTable,
  readGiven,
} from "../internal/validate.js";
import type { ApprovalHandler } from "./approvals/approvals.js";
import type { ThreadStore } from "./portable/threadStore.js";
import type { HandlerDefaults } from "./threadHandlers.js";
import type { AnyTool } from "./tools/tools.js";

/** The options of `new Codex()`. All are optional. */
export interface CodexOptions extends ClientOptions {
  /**
   * Approval handler of each thread that does not bring its own, nor an `approvalMode`. A resumed or
   * forked thread keeps its reviewer, and asks this handler where that is the application.
   */
  readonly onApproval?: ApprovalHandler | undefined;
  /** Tools of each new thread that does not bring its own, and their functions for resumed ones. */
  readonly tools?: readonly AnyTool[] | undefined;
  /**
   * Store that keeps the threads of this client: a thread is loaded before it is resumed, saved at the end
   * of each turn before the turn's result is returned, and leased while this client has it open. The home
   * of the runtime must be on this machine. Only threads that `Codex` starts and resumes are kept.
   */
  readonly threadStore?: ThreadStore | undefined;
  /**
   * Duration of a lease in the `threadStore`, in milliseconds, and the longest wait for the store. Leases
   * are renewed; that of a client which was killed ends after this time.
   *
   * @default 30_000
   */
  readonly threadLeaseMs?: number | undefined;
}

/** Options of the thread store. */
export type StoreOptions = Pick<CodexOptions, "threadStore" | "threadLeaseMs">;

const STORE_METHODS = [
  "load",
  "save",
  "delete",
  "acquireLease",
  "renewLease",
  "releaseLease",
] as const satisfies readonly (keyof ThreadStore)[];

/** The options of the low-level client, and those that are the threads', which check them. */
const CODEX_OPTIONS: OptionTable = new Map([
  ...CLIENT_OPTIONS,
  ...optionsOf<HandlerDefaults & StoreOptions>({
    onApproval: () => {},
    tools: () => {},
    threadStore: checkStore,
    threadLeaseMs: checkDuration,
  }),
]);

/** Returns the options of a client, after a check of those that are known here. */
export function checkedOptions(options: CodexOptions | undefined): CodexOptions {
  checkOptions("new Codex()", options, CODEX_OPTIONS);
  return options ?? {};
}

/** Checks the methods of a store. Its members may be those of a class. */
function checkStore(name: string, value: unknown): void {
  if (!isObject(value)) {
    throw new InvalidOptionError(name, `expected a ThreadStore, not ${describeValue(value)}.`);
  }
  const missing = STORE_METHODS.find(
    (method) => readGiven(name, () => typeof value[method]) !== "function",
  );
  if (missing === undefined) return;
  throw new InvalidOptionError(
    name,
    `does not have the method ${missing} of a ThreadStore; pass fileThreadStore(dir), or an object with all of its methods.`,
  );
}
