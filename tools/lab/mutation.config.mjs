import { availableParallelism } from "node:os";

/** Stryker's configuration, for a run from the repository's root. */
// oxlint-disable-next-line import/no-default-export
export default {
  plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
  testRunner: "vitest",
  // Stryker knows from its first run which tests reach a mutant; vitest need not find out again.
  vitest: { configFile: "tools/lab/mutation.vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  // The code that must not lose, mix up or invent a message.
  mutate: [
    "packages/codex/src/transport/lineDecoder.ts",
    "packages/codex/src/rpc/**/*.ts",
    "packages/codex/src/router/**/*.ts",
    "packages/codex/src/api/turns/turnResult.ts",
  ],
  thresholds: { high: 95, low: 90, break: 90 },
  // Only what the unit tests need is copied.
  ignorePatterns: [
    "**",
    "!package.json",
    "!tsconfig.base.json",
    "!tools/lab/mutation.vitest.config.ts",
    "!packages/codex/package.json",
    "!packages/codex/tsconfig.json",
    "!packages/codex/src/**",
    "!packages/codex/test/unit/**",
    "!packages/codex/test/support/**",
  ],
  tempDirName: "reports/mutation/copy",
  cleanTempDir: "always",
  // Each runner keeps about one core busy.
  concurrency: Math.max(1, Math.min(2, availableParallelism() - 1)),
  reporters: ["progress-append-only", "clear-text", "html"],
  htmlReporter: { fileName: "reports/mutation/index.html" },
  clearTextReporter: { allowColor: process.stdout.isTTY === true, logTests: false },
  allowConsoleColors: process.stdout.isTTY === true,
};
