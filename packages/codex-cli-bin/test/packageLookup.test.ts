import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { packageLookup } from "../src/packageLookup.js";
import { findRuntime } from "../src/resolve.js";
import { hostOf, temporaryFolder, thrownBy } from "./support/fixtures.js";

async function writePackage(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const manifest = path.join(folder, "package.json");
  await writeFile(manifest, JSON.stringify({ name }));
  return manifest;
}

test.each([
  [undefined, undefined],
  ["file:///$bunfs/root/app", undefined],
  ["file:///B:/~BUN/root/app.exe", undefined],
  [undefined, "/$bunfs/root/app"],
  ["https://example.com/module.js", undefined],
  ["file:///no/such/place/host.js", "relative.js"],
  ["not a url", "/no/such/place/host.js"],
])(
  "a lookup from the module url %j and the file %j finds nothing, and the error names bundling",
  (moduleUrl, moduleFile) => {
    const packages = packageLookup(moduleUrl, moduleFile);
    expect([packages.from, packages.isBundled, packages.find("vitest")]).toEqual([
      null,
      true,
      undefined,
    ]);
    expect(thrownBy(() => findRuntime(hostOf("linux-x64", {}, { packages })))).toMatchObject({
      code: "BUNDLED",
      message: expect.stringMatching(/bundled[^]*codexPath[^]*CODEX_CLI_BIN_PATH/),
    });
  },
);

test("a module of this package is not bundled, wherever it is installed", async () => {
  await using folder = await temporaryFolder();
  const own = path.join(folder.path, "node_modules/@openai/codex-cli-bin");
  await writePackage(own, "@openai/codex-cli-bin");
  const found = await writePackage(path.join(folder.path, "node_modules/platform"), "platform");
  const file = path.join(own, "dist/host.js");
  await mkdir(path.dirname(file));
  await writeFile(file, "");
  const lookup = packageLookup(pathToFileURL(file).href, undefined);
  expect([lookup.from, lookup.isBundled, lookup.find("platform"), lookup.find("other")]).toEqual([
    file,
    false,
    found,
    undefined,
  ]);
});

test("a bundle finds the package from its own folder, by its url or by its CommonJS file name", async () => {
  await using folder = await temporaryFolder();
  const found = await writePackage(path.join(folder.path, "node_modules/platform"), "platform");
  const bundle = path.join(folder.path, "dist/bundle.cjs");
  await mkdir(path.dirname(bundle));
  await writeFile(bundle, "");
  await writePackage(folder.path, "application");
  const lookups = [
    packageLookup(pathToFileURL(bundle).href, undefined),
    packageLookup(undefined, bundle),
  ];
  expect(
    lookups.map(({ from, isBundled, find }) => ({ from, isBundled, found: find("platform") })),
  ).toEqual([
    { from: bundle, isBundled: true, found },
    { from: bundle, isBundled: true, found },
  ]);
});

test.each([
  ["@openai/codex-cli-bin"],
  ["@openai/codex"],
  ["@openai/codex", "@openai/codex-cli-bin"],
])(
  "a bundle in an isolated installation goes the way of the dependencies: %s %s",
  async (...detour) => {
    await using folder = await temporaryFolder();
    const bundle = path.join(folder.path, "bundle.mjs");
    await writeFile(bundle, "");
    const last = await detour.reduce(async (parent, name) => {
      const next = path.join(await parent, "node_modules", name);
      await writePackage(next, name);
      return next;
    }, Promise.resolve(folder.path));
    const found = await writePackage(path.join(last, "node_modules/platform"), "platform");
    expect(packageLookup(pathToFileURL(bundle).href, undefined).find("platform")).toBe(found);
  },
);
