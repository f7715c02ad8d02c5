// Packs each publishable package and has publint and attw read the tarball, as npm would get it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const attw = fileURLToPath(
  new URL("../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "codex-package-check-"));

let failures = 0;
function report(name, problems) {
  failures += problems.length;
  process.stdout.write(`${problems.length === 0 ? "ok  " : "FAIL"} ${name}\n`);
  for (const problem of problems) process.stdout.write(`     ${problem}\n`);
}

function run(file, args, cwd = root) {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}`.trim() };
}

try {
  for (const name of readdirSync(join(root, "packages"))) {
    const directory = join(root, "packages", name);
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    const tarball = join(folder, `${name}.tgz`);
    const packed = run("pnpm", ["pack", "--out", tarball], directory);
    if (packed.status !== 0) {
      report(`${manifest.name}: pack`, [packed.output]);
      continue;
    }
    const bytes = readFileSync(tarball);
    const { messages } = await publint({
      pack: {
        tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      },
      strict: true,
    });
    report(
      `${manifest.name}: publint`,
      messages.map((message) => formatMessage(message, manifest) ?? message.code),
    );
    // ESM only, on purpose: `require()` of ESM works from the Node versions in `engines` on.
    const types = run(process.execPath, [attw, tarball, "--profile", "esm-only", "--no-emoji"]);
    report(`${manifest.name}: attw`, types.status === 0 ? [] : [types.output]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
