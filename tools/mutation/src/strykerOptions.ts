import { availableParallelism } from "node:os";

import type { PartialStrykerOptions } from "@stryker-mutator/api/core";

/** The folder of the code, seen from the repository's root. */
export const SOURCE_FOLDER = "packages/codex/src/";

/** What must not lose, mix up or invent a message: framing, connection, router and collector. */
export const MUTATED_FILES: readonly string[] = [
  "transport/lineDecoder.ts",
  "rpc/connection.ts",
  "rpc/message.ts",
  "rpc/pendingRequests.ts",
  "router/earlyBuffer.ts",
  "router/notificationRouter.ts",
  "router/routingKeys.ts",
  "router/serverRequestRouter.ts",
  "router/threadActivity.ts",
  "router/turnRoute.ts",
  "api/turns/turnResult.ts",
];

const VITEST_CONFIG = "tools/mutation/vitest.config.ts";

/** What of the repository the unit tests need; the rest is not copied. */
const COPIED = [
  "package.json",
  "tsconfig.base.json",
  VITEST_CONFIG,
  "packages/codex/package.json",
  "packages/codex/tsconfig.json",
  "packages/codex/src/**",
  "packages/codex/test/unit/**",
  "packages/codex/test/support/**",
];

/** Stryker's options for a run from the repository's root, with its copy below `temporaryFolder`. */
export function toStrykerOptions(temporaryFolder: string): PartialStrykerOptions {
  return {
    plugins: [import.meta.resolve("@stryker-mutator/vitest-runner")],
    testRunner: "vitest",
    // Which tests reach a mutant is known from the first run; vitest need not find it out again.
    vitest: { configFile: VITEST_CONFIG, related: false },
    coverageAnalysis: "perTest",
    mutate: MUTATED_FILES.map((file) => `${SOURCE_FOLDER}${file}`),
    ignorePatterns: ["**", ...COPIED.map((pattern) => `!${pattern}`)],
    tempDirName: temporaryFolder,
    cleanTempDir: "always",
    // Each runner keeps about one core busy.
    concurrency: Math.max(1, Math.min(2, availableParallelism() - 1)),
    reporters: ["progress-append-only"],
    allowConsoleColors: false,
  };
}
