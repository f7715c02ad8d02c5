import type { KnownSurvivor } from "./survivor.js";

const ONLY_FOR_THE_TYPES =
  "the code does the same without it: a map has nothing under a key that is undefined. The check satisfies the types.";

const NO_ID_IS_MEANT =
  "the text stands for an id that is missing, and has only to be none that a thread or turn has.";

/** The mutants that no test finds, each with the reason why it is left alone. */
export const SURVIVORS: readonly KnownSurvivor[] = [
  {
    file: "rpc/connection.ts",
    line: 'this.#pending.settle(message.id, { kind: "result", result: message.result });',
    code: '"result"',
    mutant: '""',
    reason: "the reader asks whether the outcome is an error; the types allow no third kind.",
  },
  {
    file: "router/notificationRouter.ts",
    line: "return threadId === undefined ? undefined : this.#owners.get(threadId);",
    code: "threadId === undefined",
    mutant: "false",
    reason: ONLY_FOR_THE_TYPES,
  },
  {
    file: "router/notificationRouter.ts",
    line: 'this.#expected.get(threadIdOf(message.params) ?? "")?.claim(turnId);',
    code: '""',
    mutant: '"Stryker was here!"',
    reason: NO_ID_IS_MEANT,
  },
  {
    file: "router/notificationRouter.ts",
    line: 'const route = this.#turns.get(rootTurnIdOf(message.params) ?? "");',
    code: '""',
    mutant: '"Stryker was here!"',
    reason: NO_ID_IS_MEANT,
  },
  {
    file: "router/threadActivity.ts",
    line: "if (threadId === undefined) return;",
    code: "threadId === undefined",
    mutant: "false",
    reason:
      "what would be noted under no thread is asked for by nobody. The check satisfies the types.",
  },
  {
    file: "router/threadActivity.ts",
    line: "if (queue?.length === 0) this.#waiting.delete(threadId);",
    code: "queue?.length === 0",
    mutant: "false",
    reason:
      "an empty queue acts as none does. It goes so that a client of many threads does not keep one for each.",
  },
];
