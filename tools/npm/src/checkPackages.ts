// Part of `pnpm check`: packs each publishable package and runs publint and attw on the tarball.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { collect, pnpmCommand } from "@codex-tools/process";

import { packPackage } from "./packPackage.js";

const cwd = fileURLToPath(new URL("../", import.meta.url));
const packages = fileURLToPath(new URL("../../../packages/", import.meta.url));
// A program to run, not a module to import: it has no types.
const PROGRAM = "./bin/codex.js";
// The packages are ESM only: `require()` of ESM works in every Node that `engines` allows. The file
// comes first: an option that takes several values would swallow it.
const checksOf = (tarball: string) => [
  ["exec", "publint", "run", "--strict", tarball],
  [
    "exec",
    "attw",
    tarball,
    "--profile",
    "esm-only",
    "--no-emoji",
    "--exclude-entrypoints",
    PROGRAM,
  ],
];

const folder = await mkdtemp(join(tmpdir(), "codex-package-check-"));
try {
  for (const name of await readdir(packages)) {
    const tarball = join(folder, `${name}.tgz`);
    // oxlint-disable-next-line no-await-in-loop
    await packPackage(join(packages, name), tarball);
    for (const check of checksOf(tarball)) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, stdout, stderr } = await collect(pnpmCommand(), check, { cwd });
      if (status === 0) continue;
      process.stderr.write(`${name}: ${check.join(" ")}\n${stdout}${stderr}\n`);
      process.exitCode = 1;
    }
    process.stdout.write(`${name}: packed and checked\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
