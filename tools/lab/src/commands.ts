import { SKEW_VERSIONS } from "./skew/versions.js";

/** Command of the lab. Its program is `<name>/main.js`. */
export interface LabCommand {
  /** Effect of the command, and the files that it writes. */
  readonly summary: string;
  /** Arguments it takes, for the list of commands. */
  readonly usage?: string;
  /** Usual duration on two cores. */
  readonly duration: string;
  readonly nodeFlags?: readonly string[];
}

/** Commands of the lab by name. */
export const COMMANDS: Readonly<Record<string, LabCommand>> = {
  bench: {
    summary:
      "measures the SDK against a bare client and other SDKs, which it downloads; writes reports/bench.json",
    usage: "[--check] [--only <group>,...]",
    duration: "15 minutes",
  },
  scale: {
    summary:
      "measures cost over threads, runtimes, turns and deltas; writes docs/performance.md with the last bench",
    usage: "[--short]",
    duration: "10 minutes, with --short 20 seconds and nothing written",
    nodeFlags: ["--expose-gc"],
  },
  plan: {
    summary:
      "measures the storage of threads; writes the plan of docs/guides/containers.md with the figures of docs/performance.md",
    duration: "1 minute",
  },
  record: {
    summary:
      "records what the pinned runtime sends in every scenario; writes packages/codex/test/transcripts",
    duration: "1 minute",
  },
  skew: {
    summary:
      "runs the integration tests in anyRuntime/ against published runtimes of other versions; writes docs/skew.md",
    usage: "[version ...]",
    duration: `1 minute and a download of 60 to 170 MB for each of ${SKEW_VERSIONS.length} versions`,
  },
  soak: {
    summary: "looks for leaks and lost messages in thousands of turns; writes docs/soak.md",
    usage: "[--short]",
    duration: "10 minutes, with --short 1 minute",
    nodeFlags: ["--expose-gc"],
  },
  carry: {
    summary:
      "kills hosts and runtimes at 50 points of a conversation, which goes through a thread store; writes docs/carry.md",
    usage: "[--short]",
    duration: "5 minutes, with --short 30 seconds and nothing written; Linux only",
  },
  mutation: {
    summary:
      "puts faults into the core, one at a time, and runs its unit tests; writes reports/mutation",
    usage: "[Stryker flags]",
    duration: "30 minutes",
  },
  smoke: {
    summary: "runs a turn of the built SDK on other versions of Node, on bun and on deno",
    duration: "1 minute and a download of 40 to 100 MB for each runtime, kept in a cache",
  },
  notebook: {
    summary:
      "runs the cells of notebooks/walkthrough.ipynb in the Jupyter kernel of Deno, with a scripted model",
    duration: "1 minute and a download of 45 MB, kept in a cache",
  },
  nodes: {
    summary: "runs the tests on every supported version of Node",
    usage: "[test path ...]",
    duration: "5 minutes for each of 3 versions",
  },
};

/** Returns the list of commands. */
export function commandsPage(): string {
  return ["Measurements and long runs:", ...Object.keys(COMMANDS).map(commandHelp)].join("\n");
}

/** Returns the usage of one command. */
export function commandHelp(name: string): string {
  const { summary = "", usage, duration = "" } = COMMANDS[name] ?? {};
  const call = [name, usage].filter((part) => part !== undefined).join(" ");
  return `  pnpm lab ${call}\n      ${summary}\n      takes ${duration}`;
}
