import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { PACKAGE_NAME, packageNameOf, targetOf, targets } from "../src/targets.js";

async function manifestAt(relative: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(relative, import.meta.url), "utf8"));
}

test("there is a target for each system on each processor, and no other", () => {
  expect(
    targets.map(({ id, packageName, triple, executable }) => [id, packageName, triple, executable]),
  ).toEqual([
    ["darwin-arm64", "@openai/codex-darwin-arm64", "aarch64-apple-darwin", "codex"],
    ["darwin-x64", "@openai/codex-darwin-x64", "x86_64-apple-darwin", "codex"],
    ["linux-arm64", "@openai/codex-linux-arm64", "aarch64-unknown-linux-musl", "codex"],
    ["linux-x64", "@openai/codex-linux-x64", "x86_64-unknown-linux-musl", "codex"],
    ["win32-arm64", "@openai/codex-win32-arm64", "aarch64-pc-windows-msvc", "codex.exe"],
    ["win32-x64", "@openai/codex-win32-x64", "x86_64-pc-windows-msvc", "codex.exe"],
  ]);
});

test("a target is found by Node's names, and a platform without a build has none", () => {
  expect(targets.map(({ os, cpu }) => targetOf(os, cpu))).toEqual(targets);
  expect([targetOf("linux", "ia32"), targetOf("freebsd", "x64"), targetOf("", "")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(packageNameOf({ os: "win32", cpu: "arm64" })).toBe("@openai/codex-win32-arm64");
});

test("the package's own name is the one in its manifest", async () => {
  expect((await manifestAt("../package.json"))["name"]).toBe(PACKAGE_NAME);
});

test("the checkout's aliases are the table's packages at the pinned version", async () => {
  const pin = (await manifestAt("../package.json"))["version"];
  const aliases = (await manifestAt("../../../package.json"))["optionalDependencies"];
  expect(aliases).toEqual(
    Object.fromEntries(
      targets.map(({ packageName, id }) => [packageName, `npm:@openai/codex@${String(pin)}-${id}`]),
    ),
  );
});

test("the manifest has no script that runs on install, and no alias", async () => {
  const manifest = await manifestAt("../package.json");
  const onInstall = ["preinstall", "install", "postinstall", "prepare"];
  expect(
    Object.keys(Object(manifest["scripts"])).filter((name) => onInstall.includes(name)),
  ).toEqual([]);
  expect([manifest["dependencies"], manifest["optionalDependencies"]]).toEqual([
    undefined,
    undefined,
  ]);
});

function codesIn(text: string, pattern: RegExp): readonly (string | undefined)[] {
  return Array.from(text.matchAll(pattern), ([, code]) => code).toSorted();
}

test("the README explains each error code, and no other", async () => {
  const [errors = "", readme = ""] = await Promise.all(
    ["../src/errors.ts", "../README.md"].map((file) =>
      readFile(new URL(file, import.meta.url), "utf8"),
    ),
  );
  const firstCells = readme
    .slice(readme.indexOf("## If it is not found"))
    .split("\n")
    .map((line) => line.split("|", 2)[1] ?? "")
    .join("\n");
  const union = errors.slice(0, errors.indexOf("export interface"));
  expect(codesIn(firstCells, /`([A-Z_]+)`/g)).toEqual(codesIn(union, /\| "([A-Z_]+)"/g));
});
