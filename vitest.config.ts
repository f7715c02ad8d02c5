import { availableParallelism } from "node:os";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

import { configDefaults, defineConfig } from "vitest/config";

/** Test files of the packages and tools; `test-d.ts` files are compiled by `pnpm check`. */
const ALL = [
  "packages/*/test/**/*.test.ts",
  "tools/*/test/**/*.test.ts",
  "examples/web/test/**/*.test.ts",
];

/** Test files that pack or repeat for a minute, which CI runs behind the fast ones. */
const HEAVY = [
  "packages/codex/test/packed/**/*.test.ts",
  "packages/codex/test/integration/{boundedState,settingsMatrix}.test.ts",
];

/**
 * Test files that install, publish, download, drive a browser or repeat for minutes. `npm test` leaves them
 * and the heavy ones out; `pnpm test:all` runs exactly these. A new file of this kind is added here.
 */
const SLOW = [
  "tools/release/test/{install,publish}/**/*.test.ts",
  "tools/lab/test/**/{skew,smoke,soak,scale,freshness,notebook}.test.ts",
  "tools/docs/test/site.test.ts",
  "examples/web/test/browser.test.ts",
];

/** A stand-in for a script that each start of a runtime on Linux runs twice. */
const QUICK_START = fileURLToPath(
  new URL("packages/codex/test/support/quickStart", import.meta.url),
);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ALL,
          exclude: [...configDefaults.exclude, ...HEAVY, ...SLOW],
          // One process runs many files: starting one and loading the SDK costs 0.8 s of CPU time a
          // file. Tests restore every global that they change.
          isolate: false,
          // A test waits for its runtime more than it computes.
          maxWorkers: availableParallelism() + 1,
          env:
            process.platform === "linux"
              ? { PATH: `${QUICK_START}${delimiter}${process.env["PATH"] ?? ""}` }
              : {},
        },
      },
      ...Object.entries({ heavy: HEAVY, slow: SLOW }).map(([name, include], index) => ({
        extends: true as const,
        test: {
          name,
          include,
          maxWorkers: 1,
          sequence: { groupOrder: index + 1 },
          // Ends a test that hangs, also on a machine that is busy; no test is that slow on a quiet one.
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      })),
    ],
  },
});
