import path from "node:path";

import { expect, test } from "vitest";

import { diagnoseHost } from "../src/diagnose.js";
import {
  hostOf,
  PIN,
  targetNamed,
  temporaryFolder,
  writePlatformPackage,
} from "./support/fixtures.js";

const linux = targetNamed("linux-x64");
const darwin = targetNamed("darwin-arm64");

test("a diagnosis of a complete installation reports all facts, as plain data", async () => {
  await using folder = await temporaryFolder();
  const version = `${PIN}-linux-x64`;
  const manifestPath = await writePlatformPackage(folder.path, linux, {
    version,
    description: { version: PIN },
  });
  const vendor = path.join(folder.path, "vendor", linux.triple);
  const diagnosis = diagnoseHost(() =>
    hostOf(
      "linux-x64",
      { [linux.packageName]: manifestPath },
      { env: { CODEX_HOME: folder.path } },
    ),
  );
  expect(diagnosis).toEqual({
    platform: "linux",
    arch: "x64",
    libc: "glibc 2.39",
    pinnedVersion: PIN,
    override: null,
    packageTried: linux.packageName,
    lookedFrom: "/app/own.js",
    isBundled: false,
    isTraced: false,
    workingDirectory: process.cwd(),
    login: {
      codexHome: folder.path,
      authFile: "absent",
      apiKeyVariables: [],
      advice: "log in with `npx codex login`, or pass apiKey to new Codex()",
    },
    packagesFound: [{ name: linux.packageName, version, manifestPath }],
    outcome: {
      kind: "found",
      source: "package",
      codexPath: path.join(vendor, "bin/codex"),
      codexPackageDir: vendor,
      codexPathDir: path.join(vendor, "codex-path"),
      version: PIN,
      isPinnedVersion: true,
      isExecutable: true,
    },
  });
  expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
});

test("a diagnosis names the package that is installed and the one that is needed, with cause and remedy", async () => {
  await using folder = await temporaryFolder();
  const manifestPath = await writePlatformPackage(folder.path, darwin);
  expect(
    diagnoseHost(() => hostOf("linux-x64", { [darwin.packageName]: manifestPath })),
  ).toMatchObject({
    packageTried: linux.packageName,
    packagesFound: [{ name: darwin.packageName, version: PIN, manifestPath }],
    outcome: {
      kind: "failed",
      code: "OTHER_PLATFORM_PACKAGE",
      problem: expect.stringContaining(`found ${darwin.packageName}`),
      causes: ["node_modules was copied from another machine, or into a container image"],
      remedies: expect.arrayContaining([expect.stringContaining(".dockerignore")]),
      isExecutable: null,
    },
  });
});

test("a diagnosis shows an override of another version", async () => {
  await using folder = await temporaryFolder();
  await writePlatformPackage(folder.path, linux, { version: "0.0.1" });
  const override = path.join(folder.path, "vendor", linux.triple, "bin/codex");
  const diagnosis = diagnoseHost(() =>
    hostOf("linux-x64", {}, { env: { CODEX_CLI_BIN_PATH: override } }),
  );
  expect(diagnosis).toMatchObject({
    override,
    packagesFound: [],
    outcome: { kind: "found", source: "override", version: "0.0.1", isPinnedVersion: false },
  });
});

test.skipIf(process.platform === "win32")(
  "a diagnosis distinguishes a file that may not be executed (POSIX) from a missing one",
  async () => {
    await using folder = await temporaryFolder();
    const manifestPath = await writePlatformPackage(folder.path, linux, { mode: 0o644 });
    expect(
      diagnoseHost(() => hostOf("linux-x64", { [linux.packageName]: manifestPath })).outcome,
    ).toMatchObject({ kind: "failed", code: "NOT_EXECUTABLE", isExecutable: false });
  },
);

test("a diagnosis of a platform without a build, or of a compiled program, lists no package", () => {
  const nothing = () => undefined;
  const packages = {
    from: null,
    isBundled: true,
    isTraced: false,
    find: nothing,
    obstacle: nothing,
  };
  expect([
    diagnoseHost(() => hostOf("sunos-sparc")),
    diagnoseHost(() => hostOf("win32-x64", {}, { packages })),
  ]).toMatchObject([
    { packageTried: null, outcome: { code: "UNSUPPORTED_PLATFORM" } },
    { lookedFrom: null, isBundled: true, packagesFound: [], outcome: { code: "BUNDLED" } },
  ]);
});
