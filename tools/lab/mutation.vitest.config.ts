import { defineConfig } from "vitest/config";

// Stryker runs this in its copy of the repository. The unit tests of each part have to find the fault
// quickly. The timeout is short, because a mutant that makes a test wait forever costs all of it.
export default defineConfig({
  test: {
    include: [
      "packages/codex/test/unit/transport/lineDecoder*.test.ts",
      "packages/codex/test/unit/{rpc,router}/**/*.test.ts",
      "packages/codex/test/unit/api/**/turnResult*.test.ts",
    ],
    // A million deltas, for each mutant that they reach.
    exclude: ["**/backlog.test.ts"],
    testTimeout: 2_000,
    restoreMocks: true,
  },
});
