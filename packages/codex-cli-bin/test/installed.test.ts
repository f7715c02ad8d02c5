// The package as it is published, in installations as the package managers lay them out.
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { targets } from "../src/targets.js";
import { temporaryFolder } from "./support/fixtures.js";
import {
  buildPackage,
  evaluate,
  installFakeRuntime,
  installPackage,
  thisTarget,
  versionOfThisPackage,
} from "./support/installation.js";

const { packageName } = thisTarget();
const own = "@openai/codex-cli-bin";
let built: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  built = await temporaryFolder();
  await buildPackage(built.path);
});
afterAll(() => built[Symbol.asyncDispose]());

const askCodexPath = `
  import { codexPath } from "${own}";
  console.log(JSON.stringify(codexPath()));`;
const askErrorCode = `
  import { codexPath } from "${own}";
  try { console.log(JSON.stringify(codexPath())); }
  catch (error) { console.log(JSON.stringify([error.name, error.code])); }`;

test("a flat installation (npm) is found, by import and by require", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  await installPackage(built.path, path.join(modules, own));
  const codex = await installFakeRuntime(path.join(modules, packageName), {});
  const version = await versionOfThisPackage();
  const facts = `[m.PACKAGE_NAME, m.codexPath(), m.runtimeVersion(), m.pinnedRuntimeVersion(), m.diagnose().outcome.kind]`;
  const expected = [own, codex, version, version, "found"];
  expect([
    await evaluate(
      folder.path,
      `import * as m from "${own}"; console.log(JSON.stringify(${facts}))`,
    ),
    await evaluate(
      folder.path,
      `import { createRequire } from "node:module";
       const m = createRequire(process.cwd() + "/x.cjs")("${own}"); console.log(JSON.stringify(${facts}))`,
    ),
  ]).toEqual([expected, expected]);
});

test("the entry points export what they promise, and nothing else", async () => {
  await using folder = await temporaryFolder();
  await installPackage(built.path, path.join(folder.path, "node_modules", own));
  const names = (entry: string) =>
    evaluate(
      folder.path,
      `import * as m from "${entry}"; console.log(JSON.stringify(Object.keys(m).sort()))`,
    );
  expect({
    root: await names(own),
    targets: await names(`${own}/targets`),
    executable: await names(`${own}/executable`),
    environment: await names(`${own}/environment`),
    run: await names(`${own}/run`),
  }).toEqual({
    root: [
      "CodexCliBinError",
      "PACKAGE_NAME",
      "codexPackageDir",
      "codexPath",
      "codexPathDir",
      "diagnose",
      "pinnedRuntimeVersion",
      "runtimeVersion",
    ],
    targets: ["PACKAGE_NAME", "PLATFORM_PACKAGE_PREFIX", "packageNameOf", "targetOf", "targets"],
    executable: [
      "checkExecutable",
      "checkWorkingDirectory",
      "explainSpawnError",
      "ownWorkingDirectory",
    ],
    environment: ["pathEntries", "prependToPath"],
    run: ["runCodex"],
  });
});

test("an isolated installation (pnpm), all symbolic links, is found", async () => {
  await using folder = await temporaryFolder();
  const store = path.join(folder.path, "node_modules/.pnpm");
  const ownFolder = path.join(store, "own/node_modules", own);
  await installPackage(built.path, ownFolder);
  const platform = path.join(store, "platform/node_modules", packageName);
  const codex = await installFakeRuntime(platform, {});
  await symlink(platform, path.join(store, "own/node_modules", packageName), "junction");
  await mkdir(path.join(folder.path, "node_modules/@openai"));
  await symlink(ownFolder, path.join(folder.path, "node_modules", own), "junction");
  expect(await evaluate(folder.path, askCodexPath)).toBe(codex);
});

test("a symbolic link to the project does not matter", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "project/node_modules");
  await installPackage(built.path, path.join(modules, own));
  const codex = await installFakeRuntime(path.join(modules, packageName), {});
  const link = path.join(folder.path, "link");
  await symlink(path.join(folder.path, "project"), link, "junction");
  const entry = pathToFileURL(path.join(link, "node_modules", own, "dist/index.js")).href;
  expect(await evaluate(folder.path, askCodexPath.replace(own, entry))).toBe(codex);
});

test("each of two nested versions finds its own runtime", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  const dependency = path.join(modules, "dependency");
  await installPackage(built.path, path.join(modules, own));
  await installPackage(built.path, path.join(dependency, "node_modules", own), "0.0.1");
  const outer = await installFakeRuntime(path.join(modules, packageName), {});
  const inner = await installFakeRuntime(path.join(dependency, "node_modules", packageName), {
    version: "0.0.1",
  });
  expect([
    await evaluate(folder.path, askCodexPath),
    await evaluate(dependency, askCodexPath),
  ]).toEqual([outer, inner]);
});

test("another version further up or elsewhere in the tree is not picked", async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, "project");
  await installPackage(built.path, path.join(project, "node_modules", own));
  const other = { version: "0.0.1" };
  const sibling = path.join(project, "node_modules/other/node_modules", packageName);
  await installFakeRuntime(sibling, other);
  expect(await evaluate(project, askErrorCode)).toEqual([
    "CodexCliBinError",
    "PLATFORM_PACKAGE_MISSING",
  ]);
  await installFakeRuntime(path.join(folder.path, "node_modules", packageName), other);
  expect(await evaluate(project, askErrorCode)).toEqual(["CodexCliBinError", "VERSION_MISMATCH"]);
});

test("a codex on PATH is never used", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  await installPackage(built.path, path.join(modules, own));
  const elsewhere = await installFakeRuntime(path.join(folder.path, "elsewhere"), {});
  const source = `process.env.PATH = ${JSON.stringify(path.dirname(elsewhere))};
    const { diagnose } = await import("${own}");
    console.log(JSON.stringify(diagnose().outcome.code))`;
  expect(await evaluate(folder.path, source)).toBe("PLATFORM_PACKAGE_MISSING");
});

test("deleting the platform package, or renaming it to another platform's, is explained", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  await installPackage(built.path, path.join(modules, own));
  const platform = path.join(modules, packageName);
  await installFakeRuntime(platform, {});
  const others = targets.filter((target) => target.packageName !== packageName);
  const codes: unknown[] = [];
  for (const target of others) {
    const renamed = path.join(modules, target.packageName);
    await rename(platform, renamed);
    codes.push(await evaluate(folder.path, askErrorCode));
    await rename(renamed, platform);
  }
  await rm(platform, { recursive: true });
  codes.push(await evaluate(folder.path, askErrorCode));
  expect(codes).toEqual([
    ...others.map(() => ["CodexCliBinError", "OTHER_PLATFORM_PACKAGE"]),
    ["CodexCliBinError", "PLATFORM_PACKAGE_MISSING"],
  ]);
});
