/** A block of the documentation that no test runs, by the start of its code. */
export interface NotRun {
  readonly starts: string;
  readonly reason: string;
}

/** The `ts`, `js`, `mjs` and `sh` blocks that are not run, each with the reason. */
export const notRun: readonly NotRun[] = [
  {
    starts: "npm install @openai/codex",
    reason: "downloads from the registry: tools/release/test/install installs the packed packages",
  },
  {
    starts: "npm install --save-dev @openai/codex-types",
    reason: "downloads from the registry: tools/release/test/install installs the packed packages",
  },
  { starts: "npm install zod", reason: "downloads from the registry" },
  { starts: "npm install valibot", reason: "downloads from the registry" },
  { starts: "npm install arktype", reason: "downloads from the registry" },
  { starts: "npm install hono", reason: "downloads from the registry" },
  { starts: "npm run demo", reason: "run by .ci/run, as the first command of a clone" },
  { starts: "npm run example", reason: "run by tools/setup/test/example.test.ts" },
  { starts: "pnpm install\npnpm exec turbo", reason: "the web app is run by examples/web/test" },
  { starts: "npm install --global", reason: "installs pnpm; the rest is run by .ci/run" },
  { starts: 'VERSION="$(node -p', reason: "sets the variables of the commands below it" },
  { starts: "pnpm release ", reason: "staged and published by the tests of tools/release" },
  { starts: "npm deprecate", reason: "changes what is published" },
  { starts: "node --test", reason: "runs the program before it, which is run by itself" },
  { starts: "curl ", reason: "asks a server of the same page, which is asked by a test" },
  {
    starts: "NODE_OPTIONS=--experimental-vm-modules",
    reason: "needs Jest, which is not installed",
  },
  { starts: "// jest.config.js", reason: "needs Jest, which is not installed" },
  { starts: "// agent.test.mjs", reason: "needs Jest, which is not installed" },
  { starts: "codex exec --json", reason: "shows what is replaced" },
  { starts: "// next.config.mjs", reason: "settings of Next.js, which is not installed" },
  {
    starts: "import type { ParamsOf, ResultOf, ServerNotification, ThreadItem } from",
    reason: "has types only: it is compiled",
  },
  {
    starts:
      'import { Codex } from "@openai/codex";\n\nconst codex = new Codex();\ntry {\n  const login',
    reason: "needs a person at a browser: examples/15_loginAndAccount is run with a mock issuer",
  },
];
