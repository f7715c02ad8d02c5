import { availableParallelism } from "node:os";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

import { configDefaults, defineConfig } from "vitest/config";

/** Test files of the packages and tools; `test-d.ts` files are compiled by `pnpm check`. */
const ALL = [
  "packages/*/test/**/*.test.ts",
  "tools/*/test/**/*.test.ts",
  "examples/{web,redis-thread-store}/test/**/*.test.ts",
];

/**
 * Test files that try many variations of what the fast ones try once: crashes at each point, fuzzed
 * messages, each way to log in, to stop and to connect, and the programs of docs and examples. CI runs them
 * behind the fast ones, as many at once.
 */
const THOROUGH = [
  "packages/codex/test/{docs,examples}/**/*.test.ts",
  "packages/codex/test/faults/{backlog,boundedState,concurrency*,crashMatrix*,environment,framing*,fuzz*,host*,lifecycleOrders}.test.ts",
  "packages/codex/test/integration/{acceptedOptions,anyRuntime/*,approvalModes,carried*,chatgptAuthTokens,effectiveSettings,goal?*,hostLifetime,liveness,login*,longCommands,mcpSecrets,modelFailures,noNetwork,oneTrace,pluginSkill,proxies,reconnectCuts,sharedRuntime,stoppedTurns,testKit,threadStore,timeLimits,turnAbort,unixSocket,unloadedThreads,webSocket}.test.ts",
  "tools/release/test/unit/bump/bumpJournal.test.ts",
  "tools/lab/test/carry/carry.test.ts",
];

/** Test files that pack, measure or repeat for a minute. CI runs them one at a time, behind the thorough ones. */
const HEAVY = [
  "packages/codex/test/packed/**/*.test.ts",
  "packages/codex/test/integration/{boundedState,settingsMatrix}.test.ts",
];

/**
 * Test files that install, publish, download, drive a browser or repeat for minutes. Neither `npm test` nor
 * CI runs them; `pnpm test:all` does. A new file of this kind is added here.
 */
const SLOW = [
  "tools/release/test/{install,publish}/**/*.test.ts",
  "tools/lab/test/**/{skew,smoke,soak,scale,freshness,notebook}.test.ts",
  "tools/docs/test/site.test.ts",
  "examples/web/test/browser.test.ts",
  "examples/redis-thread-store/test/**/*.test.ts",
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
      ...Object.entries({ fast: ALL, thorough: THOROUGH }).map(([name, include], index) => ({
        extends: true as const,
        test: {
          name,
          include,
          exclude: [
            ...configDefaults.exclude,
            ...(name === "fast" ? THOROUGH : []),
            ...HEAVY,
            ...SLOW,
          ],
          sequence: { groupOrder: index },
          // One process runs many files: starting one and loading the SDK costs 0.8 s of CPU time a
          // file. Tests restore every global that they change.
          isolate: false,
          globalSetup: "packages/codex/test/support/preparedHome.ts",
          // A test waits for its runtime more than it computes.
          maxWorkers: availableParallelism() + 1,
          env:
            process.platform === "linux"
              ? { PATH: `${QUICK_START}${delimiter}${process.env["PATH"] ?? ""}` }
              : {},
        },
      })),
      ...Object.entries({ heavy: HEAVY, slow: SLOW }).map(([name, include], index) => ({
        extends: true as const,
        test: {
          name,
          include,
          globalSetup: "packages/codex/test/support/preparedHome.ts",
          maxWorkers: 1,
          sequence: { groupOrder: index + 2 },
          // Ends a test that hangs, also on a machine that is busy; no test is that slow on a quiet one.
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      })),
    ],
  },
});
