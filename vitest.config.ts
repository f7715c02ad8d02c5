import { configDefaults, defineConfig } from "vitest/config";

/** Test files of the packages and tools; `test-d.ts` files are compiled by `pnpm check`. */
const ALL = ["packages/*/test/**/*.test.ts", "tools/*/test/**/*.test.ts"];

/**
 * Test files that install, pack, download or repeat for minutes. `npm test` leaves them out;
 * `pnpm test:all` runs exactly these. A new file of this kind is added here.
 */
const SLOW = [
  "packages/codex/test/packed/**/*.test.ts",
  "tools/release/test/{install,publish}/**/*.test.ts",
  "tools/lab/test/**/{skew,smoke,soak,freshness}.test.ts",
];

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
          exclude: [...configDefaults.exclude, ...SLOW],
          // One process runs many files: starting one and loading the SDK costs 0.8 s of CPU time a
          // file. Tests restore every global that they change.
          isolate: false,
        },
      },
      { extends: true, test: { name: "slow", include: SLOW } },
    ],
  },
});
