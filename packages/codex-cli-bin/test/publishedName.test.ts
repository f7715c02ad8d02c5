// Programs that run the published CLI reach it in these ways under the name `@openai/codex`.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { start, thisTarget, versionOfThisPackage } from "./support/installation.js";

const root = fileURLToPath(new URL("../../codex/", import.meta.url));
// Resolves as a program does that depends on the package: by its own exports.
const sdkRequire = createRequire(path.join(root, "package.json"));

test("the command is the script bin/codex.js of @openai/codex, which is published and exported", async () => {
  const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  expect(manifest).toMatchObject({
    name: "@openai/codex",
    bin: { codex: "bin/codex.js" },
    files: expect.arrayContaining(["bin"]),
  });
  expect([
    sdkRequire.resolve("@openai/codex/bin/codex.js"),
    sdkRequire.resolve("@openai/codex/package.json"),
  ]).toEqual([path.join(root, "bin/codex.js"), path.join(root, "package.json")]);
});

test("node runs the script by its path and prints the version as the runtime does", async () => {
  const { ended } = start(path.join(root, "bin/codex.js"), ["--version"]);
  expect(await ended).toMatchObject({
    status: 0,
    signal: null,
    stdout: `codex-cli ${await versionOfThisPackage()}\n`,
  });
});

test("the platform package is resolved from @openai/codex and contains the runtime in its known locations", async () => {
  const { packageName, triple, executable } = thisTarget();
  const folder = path.dirname(sdkRequire.resolve(`${packageName}/package.json`));
  const vendor = path.join(folder, "vendor", triple);
  const description = JSON.parse(await readFile(path.join(vendor, "codex-package.json"), "utf8"));
  expect(description).toMatchObject({
    target: triple,
    entrypoint: `bin/${executable}`,
    pathDir: "codex-path",
  });
  const { stdout } = await promisify(execFile)(path.join(vendor, "bin", executable), ["--version"]);
  expect(stdout).toBe(`codex-cli ${await versionOfThisPackage()}\n`);
});
