import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { findRuntime } from "../src/resolve.js";
import { targets } from "../src/targets.js";
import {
  hostOf,
  PIN,
  targetNamed,
  temporaryFolder,
  thrownBy,
  writePlatformPackage,
} from "./support/fixtures.js";

const linux = targetNamed("linux-x64");
const darwin = targetNamed("darwin-arm64");

describe("an installed runtime", () => {
  test.each(targets)("is found by codex-package.json on $id", async (target) => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, target);
    const vendor = path.join(folder.path, "vendor", target.triple);
    expect(findRuntime(hostOf(target.id, { [target.packageName]: manifest }))).toEqual({
      source: "package",
      codexPath: path.join(vendor, "bin", target.executable),
      packageDir: vendor,
      pathDir: path.join(vendor, "codex-path"),
      version: PIN,
    });
  });

  test.each(targets)("is found in the older layout on $id", async (target) => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, target, { layout: "legacy" });
    const vendor = path.join(folder.path, "vendor", target.triple);
    expect(findRuntime(hostOf(target.id, { [target.packageName]: manifest }))).toEqual({
      source: "package",
      codexPath: path.join(vendor, "codex", target.executable),
      packageDir: vendor,
      pathDir: path.join(vendor, "path"),
      version: PIN,
    });
  });

  test("is accepted under the published CLI's version with a platform suffix, prereleases too", async () => {
    await using folder = await temporaryFolder();
    const pinnedVersion = "1.2.3-alpha.15";
    const manifest = await writePlatformPackage(folder.path, linux, {
      version: `${pinnedVersion}-linux-x64`,
      description: { version: pinnedVersion },
    });
    const host = hostOf("linux-x64", { [linux.packageName]: manifest }, { pinnedVersion });
    expect(findRuntime(host).version).toBe(pinnedVersion);
  });

  test("has no path folder where the package has none", async () => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, linux);
    await rm(path.join(folder.path, "vendor", linux.triple, "codex-path"), { recursive: true });
    expect(findRuntime(hostOf("linux-x64", { [linux.packageName]: manifest })).pathDir).toBeNull();
  });
});

describe("a runtime that cannot be used", () => {
  test("the error for a platform without a build lists the platforms that have one", () => {
    expect(thrownBy(() => findRuntime(hostOf("freebsd-x64")))).toMatchObject({
      name: "CodexCliBinError",
      code: "UNSUPPORTED_PLATFORM",
      problem:
        "There is no Codex runtime for freebsd x64. There is one for darwin-arm64, darwin-x64, linux-arm64, linux-x64, win32-arm64, win32-x64.",
    });
  });

  test("the error for a missing platform package has the package, machine, version, causes and remedies", () => {
    const env = { npm_config_user_agent: "npm/11.0.0 node/v20.19.0 linux x64" };
    expect(thrownBy(() => findRuntime(hostOf("linux-x64", {}, { env })))).toMatchObject({
      code: "PLATFORM_PACKAGE_MISSING",
      message: `The Codex runtime for linux x64 (glibc 2.39) is not installed: @openai/codex-linux-x64@1.2.3 was not found from /app/own.js. It is an optional dependency of @openai/codex-cli-bin@1.2.3, which is installed.
Usual causes:
  - the install left optional dependencies out (--omit=optional, --no-optional, or the same in a config file)
  - the lockfile, or node_modules, was made on another platform
  - the download failed: a failed optional dependency does not fail an install
To fix it:
  - npm install --include=optional
  - if it is still missing: delete node_modules and package-lock.json, then run: npm install
  - or use an executable of your own: set CODEX_CLI_BIN_PATH, or the SDK's option codexPath, to its path`,
    });
  });

  test.each([
    [undefined, "npm install"],
    ["npm/11.0.0 node/v20.19.0 linux x64", "npm install"],
    ["pnpm/11.0.0 npm/? node/v20.19.0 linux x64", "pnpm add"],
    ["yarn/4.0.0 npm/? node/v20.19.0 linux x64", "yarn add"],
  ])(
    "the error of a package from a checkout has the install of the runtime for %s",
    (agent, add) => {
      const env = agent === undefined ? {} : { npm_config_user_agent: agent };
      const host = hostOf("linux-x64", {}, { env, bringsRuntime: false });
      expect(thrownBy(() => findRuntime(host))).toMatchObject({
        code: "PLATFORM_PACKAGE_MISSING",
        message: `The Codex runtime for linux x64 (glibc 2.39) is not installed: @openai/codex-linux-x64@1.2.3 was not found from /app/own.js. This @openai/codex-cli-bin is from a checkout: its manifest does not name the packages with the executables, which a release adds.
To fix it:
  - install the runtime, too: ${add} @openai/codex-linux-x64@npm:@openai/codex@1.2.3-linux-x64
  - or use an executable of your own: set CODEX_CLI_BIN_PATH, or the SDK's option codexPath, to its path`,
      });
    },
  );

  test("a copied node_modules is reported as the package of another platform", () => {
    const host = hostOf("linux-x64", { [darwin.packageName]: "/app/darwin/package.json" });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "OTHER_PLATFORM_PACKAGE",
      problem:
        "The installed Codex runtime is for another platform: found @openai/codex-darwin-arm64, but linux x64 (glibc 2.39) needs @openai/codex-linux-x64@1.2.3 (x86_64-unknown-linux-musl).",
      causes: ["node_modules was copied from another machine, or into a container image"],
    });
  });

  test.each([
    ["darwin-x64", "darwin-arm64", "an emulation such as Rosetta"],
    ["linux-x64", "win32-x64", "Windows and WSL share the folder"],
  ])("on %s the package of %s is explained by %s", (here, there, cause) => {
    const host = hostOf(here, { [targetNamed(there).packageName]: "/app/package.json" });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "OTHER_PLATFORM_PACKAGE",
      causes: expect.arrayContaining([expect.stringContaining(cause)]),
    });
  });

  test.each(["package", "legacy"] as const)(
    "a package of another platform under this platform's name is reported (%s layout)",
    async (layout) => {
      await using folder = await temporaryFolder();
      const manifest = await writePlatformPackage(folder.path, darwin, { layout });
      const host = hostOf("linux-x64", { [linux.packageName]: manifest });
      expect(thrownBy(() => findRuntime(host))).toMatchObject({
        code: "OTHER_PLATFORM_PACKAGE",
        problem: `The installed Codex runtime is for another platform: found the build for ${darwin.triple} in ${folder.path}, but linux x64 (glibc 2.39) needs ${linux.packageName}@1.2.3 (${linux.triple}).`,
      });
    },
  );

  test.each([
    [{ version: `${PIN}-darwin-arm64` }, "the version suffix of the manifest"],
    [{ description: { target: darwin.triple } }, "the target in codex-package.json"],
  ])("a package of another platform is recognized by %j, %s", async (options, _where) => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, linux, options);
    const host = hostOf("linux-x64", { [linux.packageName]: manifest });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "OTHER_PLATFORM_PACKAGE",
      problem: expect.stringContaining(`found the build for ${darwin.triple} in ${folder.path}`),
    });
  });

  test.each([
    [{ version: "1.2.4" }, "1.2.4"],
    [{ version: "1.2.3-alpha.1-linux-x64" }, "1.2.3-alpha.1"],
    [{ description: { version: "1.2.2" } }, "1.2.2"],
    [{ version: "1.0.0", layout: "legacy" as const }, "1.0.0"],
  ])("another version is refused: %j", async (options, version) => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, linux, options);
    const host = hostOf("linux-x64", { [linux.packageName]: manifest });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "VERSION_MISMATCH",
      problem: expect.stringMatching(
        new RegExp(` is version ${version}, but @openai/codex-cli-bin@1.2.3 needs exactly 1.2.3.$`),
      ),
    });
  });

  test.skipIf(process.platform === "win32")(
    "a file without the executable bit (POSIX) is reported as not executable, and not as missing",
    async () => {
      await using folder = await temporaryFolder();
      const manifest = await writePlatformPackage(folder.path, linux, { mode: 0o644 });
      const file = path.join(folder.path, "vendor", linux.triple, "bin/codex");
      const host = hostOf("linux-x64", { [linux.packageName]: manifest });
      expect(thrownBy(() => findRuntime(host))).toMatchObject({
        code: "NOT_EXECUTABLE",
        problem: `${file} (from the package ${linux.packageName}) exists, but is not executable (EACCES).`,
        remedies: [`run: chmod 755 "${file}"`, "or install the package again"],
      });
    },
  );

  test.each([
    ["bin/codex", "which does not exist"],
    ["codex-package.json", "has neither codex-package.json nor codex/codex"],
    [".", "does not exist"],
    ["../../package.json", "package.json does not exist"],
  ])("a package without %s is reported as incomplete", async (lost, reason) => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, linux);
    await rm(path.join(folder.path, "vendor", linux.triple, lost), { recursive: true });
    const host = hostOf("linux-x64", { [linux.packageName]: manifest });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "PACKAGE_DAMAGED",
      problem: expect.stringContaining(reason),
    });
  });

  test.each([[{ entrypoint: "../../../../bin/sh" }], [{ entrypoint: 7 }], [{ entrypoint: "." }]])(
    "an entry point outside the package is not followed: %j",
    async (description) => {
      await using folder = await temporaryFolder();
      const manifest = await writePlatformPackage(folder.path, linux, { description });
      const host = hostOf("linux-x64", { [linux.packageName]: manifest });
      expect(thrownBy(() => findRuntime(host))).toMatchObject({
        code: "PACKAGE_DAMAGED",
        problem: expect.stringContaining("does not name an entrypoint inside its folder"),
      });
    },
  );

  test("a description that is not JSON is reported, and not taken for the older layout", async () => {
    await using folder = await temporaryFolder();
    const manifest = await writePlatformPackage(folder.path, linux);
    const file = path.join(folder.path, "vendor", linux.triple, "codex-package.json");
    await writeFile(file, (await readFile(file, "utf8")).slice(1));
    const host = hostOf("linux-x64", { [linux.packageName]: manifest });
    expect(thrownBy(() => findRuntime(host))).toMatchObject({
      code: "PACKAGE_DAMAGED",
      problem: expect.stringContaining(`${file} is not valid JSON: SyntaxError`),
    });
  });
});

describe("a runtime in an archive", () => {
  test("is run from the unpacked copy beside it, as Electron makes it", async () => {
    await using folder = await temporaryFolder();
    const unpacked = path.join(folder.path, "app.asar.unpacked/node_modules/runtime");
    await mkdir(unpacked, { recursive: true });
    await writePlatformPackage(unpacked, linux);
    const manifest = path.join(folder.path, "app.asar/node_modules/runtime/package.json");
    expect(findRuntime(hostOf("linux-x64", { [linux.packageName]: manifest })).codexPath).toBe(
      path.join(unpacked, "vendor", linux.triple, "bin/codex"),
    );
  });

  test.each(["app.asar/node_modules/runtime", ".yarn/cache/runtime.zip/node_modules/runtime"])(
    "with no unpacked copy cannot be executed: %s",
    async (inside) => {
      await using folder = await temporaryFolder();
      const manifest = path.join(folder.path, inside, "package.json");
      const host = hostOf("linux-x64", { [linux.packageName]: manifest });
      expect(thrownBy(() => findRuntime(host))).toMatchObject({ code: "IN_ARCHIVE" });
    },
  );
});
