// `pnpm test:nodes`: the built SDK on every runtime, and the packages' tests on every supported Node.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { fetchRuntime, folderOf } from "./fetchRuntime.js";
import { SMOKE_RUNTIMES, SUITE_NODES } from "./runtimes.js";
import { GOOD_END, runSmoke, SMOKE_SCRIPTS } from "./smoke.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const tested = process.argv.length > 2 ? process.argv.slice(2) : ["packages"];
const failures: string[] = [];

for (const runtime of SMOKE_RUNTIMES) {
  for (const script of SMOKE_SCRIPTS) {
    // One after the other, so that what fails does not fail for want of time.
    // oxlint-disable-next-line no-await-in-loop
    const end = await runSmoke(runtime, script);
    const isGood = JSON.stringify(end) === JSON.stringify(GOOD_END);
    process.stdout.write(`${runtime.name} ${script}: ${isGood ? "ok" : JSON.stringify(end)}\n`);
    if (!isGood) failures.push(`${runtime.name} ${script}`);
  }
}

for (const runtime of SUITE_NODES) {
  process.stdout.write(`\n${runtime.name}: vitest run ${tested.join(" ")}\n`);
  // oxlint-disable-next-line no-await-in-loop
  const status = await runSuite(await fetchRuntime(runtime));
  if (status !== 0) failures.push(`${runtime.name} vitest`);
}

process.stdout.write(failures.length === 0 ? "\nAll passed.\n" : "\n");
for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function runSuite(node: string): Promise<number | null> {
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const separator = process.platform === "win32" ? ";" : ":";
  // What a test starts as `node` is to be this one, too.
  const env = {
    ...process.env,
    [pathKey]: `${folderOf(node)}${separator}${process.env[pathKey] ?? ""}`,
  };
  const child = spawn(node, ["node_modules/vitest/vitest.mjs", "run", ...tested], {
    cwd: root,
    env,
    stdio: "inherit",
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}
