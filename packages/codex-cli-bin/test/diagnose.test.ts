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

test("a diagnosis of a sound installation tells all, as plain data", async () => {
  await using folder = await temporaryFolder();
  const version = `${PIN}-linux-x64`;
  const manifestPath = await writePlatformPackage(folder.path, linux, {
    version,
    description: { version: PIN },
  });
  const vendor = path.join(folder.path, "vendor", linux.triple);
  const diagnosis = diagnoseHost(hostOf("linux-x64", { [linux.packageName]: manifestPath }));
  expect(diagnosis).toEqual({
    platform: "linux",
    arch: "x64",
    libc: "glibc 2.39",
    pinnedVersion: PIN,
    override: null,
    packageTried: linux.packageName,
    lookedFrom: "/app/own.js",
    isBundled: false,
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

test("a diagnosis shows what is there in place of what is needed, with cause and mend", async () => {
  await using folder = await temporaryFolder();
  const manifestPath = await writePlatformPackage(folder.path, darwin);
  expect(diagnoseHost(hostOf("linux-x64", { [darwin.packageName]: manifestPath }))).toMatchObject({
    packageTried: linux.packageName,
    packagesFound: [{ name: darwin.packageName, version: PIN, manifestPath }],
    outcome: {
      kind: "failed",
      code: "FOREIGN_PLATFORM_PACKAGE",
      problem: expect.stringContaining(`found ${darwin.packageName}`),
      causes: ["node_modules was copied from another machine, or into a container image"],
      mend: expect.arrayContaining([expect.stringContaining(".dockerignore")]),
      isExecutable: null,
    },
  });
});

test("a diagnosis shows an override of another version", async () => {
  await using folder = await temporaryFolder();
  await writePlatformPackage(folder.path, linux, { version: "0.0.1" });
  const override = path.join(folder.path, "vendor", linux.triple, "bin/codex");
  const diagnosis = diagnoseHost(
    hostOf("linux-x64", {}, { env: { CODEX_CLI_BIN_PATH: override } }),
  );
  expect(diagnosis).toMatchObject({
    override,
    packagesFound: [],
    outcome: { kind: "found", source: "override", version: "0.0.1", isPinnedVersion: false },
  });
});

test.skipIf(process.platform === "win32")(
  "a diagnosis tells a file that may not be executed (a POSIX notion) from none",
  async () => {
    await using folder = await temporaryFolder();
    const manifestPath = await writePlatformPackage(folder.path, linux, { mode: 0o644 });
    expect(
      diagnoseHost(hostOf("linux-x64", { [linux.packageName]: manifestPath })).outcome,
    ).toMatchObject({ kind: "failed", code: "NOT_EXECUTABLE", isExecutable: false });
  },
);

test("a diagnosis of a platform without a build, or of a compiled program, has no package to show", () => {
  const packages = { from: null, isBundled: true, find: () => undefined };
  expect([
    diagnoseHost(hostOf("sunos-sparc")),
    diagnoseHost(hostOf("win32-x64", {}, { packages })),
  ]).toMatchObject([
    { packageTried: null, outcome: { code: "UNSUPPORTED_PLATFORM" } },
    { lookedFrom: null, isBundled: true, packagesFound: [], outcome: { code: "BUNDLED" } },
  ]);
});
