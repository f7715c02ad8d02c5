// `pnpm lab nodes [path ...]`: the tests on every supported version of Node.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { collect } from "@codex-tools/process";

import { fetchRuntime } from "../smoke/fetchRuntime.js";
import { SUITE_NODES } from "../smoke/runtimes.js";

const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
const paths = process.argv.length > 2 ? process.argv.slice(2) : ["packages"];
const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
const separator = process.platform === "win32" ? ";" : ":";

for (const runtime of SUITE_NODES) {
  process.stdout.write(`\n${runtime.name}: vitest run ${paths.join(" ")}\n`);
  // oxlint-disable-next-line no-await-in-loop
  const node = await fetchRuntime(runtime);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "fast", ...paths];
  // A program that a test starts as `node` has to be this Node, too.
  const PATH = `${dirname(node)}${separator}${process.env[pathKey] ?? ""}`;
  const env = { ...process.env, [pathKey]: PATH };
  // oxlint-disable-next-line no-await-in-loop
  const { status } = await collect([node], vitest, { cwd, env, inherit: true });
  process.stdout.write(`${runtime.name}: ${status === 0 ? "ok" : "failed"}\n`);
  if (status !== 0) process.exitCode = 1;
}
