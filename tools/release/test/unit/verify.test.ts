import { appendFile, chmod, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { create } from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { integrityOf } from "../../src/integrity.js";
import { readJsonObject, writeJson } from "../../src/json.js";
import { MANIFEST_FILE, readRelease } from "../../src/releaseManifest.js";
import { STAGING_MARKER } from "../../src/replaceFolder.js";
import { openRepository } from "../../src/repository.js";
import { listTarball } from "../../src/tarball.js";
import { checkTarballs, verifyRelease } from "../../src/verify/verifyRelease.js";
import { FIXTURE_VERSION } from "../support/fixtureRepository.js";
import { type StagedRelease, stagedRelease } from "../support/stagedRelease.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";

/** This checkout: it has the TypeScript that the types are checked with. */
const repository = openRepository(fileURLToPath(new URL(".", import.meta.url)));

async function problems({ path }: StagedRelease, isComplete = false): Promise<readonly string[]> {
  const findings = await verifyRelease({ release: path, repository, isComplete });
  return findings.map(({ package: name, problem }) => `${name} ${problem}`);
}

/** The problems of the tarballs alone, without the seconds that it takes to compile against the packages. */
async function tarballProblems(
  { path }: StagedRelease,
  isComplete = false,
): Promise<readonly string[]> {
  const findings = await checkTarballs({ release: path, isComplete });
  return findings.map(({ package: name, problem }) => `${name} ${problem}`);
}

/** Changes a staged package and packs it anew, with a manifest that agrees. */
async function repack(
  { path }: StagedRelease,
  name: string,
  change: (folder: string) => Promise<void>,
): Promise<void> {
  const { manifest } = readRelease(path);
  const staged = manifest.packages.find((each) => each.name === name);
  if (staged === undefined) throw new Error(`the release lacks ${name}`);
  await change(join(path, staged.folder));
  const tarball = join(path, staged.tarball);
  // Not by the tool's own packing, which would repair the modes that a test has damaged.
  const options = { file: tarball, cwd: join(path, staged.folder), gzip: true, prefix: "package" };
  const entries = await readdir(options.cwd, { recursive: true, withFileTypes: true });
  const packed = entries
    .filter((entry) => entry.isFile() && entry.name !== STAGING_MARKER)
    .map((entry) => relative(options.cwd, join(entry.parentPath, entry.name)));
  await create(options, packed);
  const files = (await listTarball(tarball)).filter(({ isFile }) => isFile);
  const updated = {
    ...staged,
    fileCount: files.length,
    unpackedSize: files.reduce((sum, { size }) => sum + size, 0),
    integrity: await integrityOf(tarball),
  };
  const packages = manifest.packages.map((each) => (each === staged ? updated : each));
  await writeJson(join(path, MANIFEST_FILE), { ...manifest, packages });
}

async function editManifest(
  folder: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const file = join(folder, "package.json");
  await writeJson(file, { ...readJsonObject(file), ...change });
}

test("finds nothing wrong with a good release", async () => {
  await using folder = await temporaryFolder();
  expect(await problems(await stagedRelease(folder.path, { platforms: "all" }), true)).toEqual([]);
});

test("warns of a rehearsal with the types of another runtime", async () => {
  await using folder = await temporaryFolder();
  expect(
    await tarballProblems(await stagedRelease(folder.path, { version: "2.0.0-rc.1" })),
  ).toEqual([
    `@openai/codex-types the protocol types are of the runtime ${FIXTURE_VERSION}: good for a rehearsal only`,
  ]);
});

test("demands every platform of a complete release", async () => {
  await using folder = await temporaryFolder();
  const release = await stagedRelease(folder.path, {
    platforms: "linux-arm64,linux-x64,darwin-x64,darwin-arm64",
  });
  expect(await tarballProblems(release, true)).toEqual([
    "@openai/codex-win32-arm64 the release lacks it",
    "@openai/codex-win32-x64 the release lacks it",
  ]);
});

test("finds a tarball that was changed after staging", async () => {
  await using folder = await temporaryFolder();
  const release = await stagedRelease(folder.path);
  const { manifest } = readRelease(release.path);
  const [first, second] = manifest.packages;
  const bytes = await readFile(join(release.path, second?.tarball ?? ""));
  await writeFile(join(release.path, first?.tarball ?? ""), bytes);
  expect((await tarballProblems(release))[0]).toMatch(
    /^@openai\/codex-darwin-arm64 the tarball is not the one that was staged \(sha512-/,
  );
});

describe("finds in a package", () => {
  let shared: TemporaryFolder;
  let good: StagedRelease;
  beforeAll(async () => {
    shared = await temporaryFolder();
    good = await stagedRelease(shared.path);
  });
  afterAll(async () => shared[Symbol.asyncDispose]());

  /** A copy of the good release with one package changed. */
  async function changed(
    root: string,
    name: string,
    change: (folder: string) => Promise<void>,
  ): Promise<StagedRelease> {
    const release = { ...good, path: join(root, "release") };
    await cp(good.path, release.path, { recursive: true });
    await repack(release, name, change);
    return release;
  }

  const sdk = "@openai/codex";
  const lookup = "@openai/codex-cli-bin";
  const linux = "@openai/codex-linux-x64";
  const vendor = "vendor/x86_64-unknown-linux-musl";

  test.each<[string, string, (folder: string) => Promise<void>, string[]]>([
    [
      "a pin that is no exact version",
      sdk,
      async (folder) =>
        editManifest(folder, {
          dependencies: { "@openai/codex-types": `^${FIXTURE_VERSION}`, [lookup]: "workspace:*" },
        }),
      [
        `pins @openai/codex-types as "^${FIXTURE_VERSION}", which is no exact version`,
        `pins @openai/codex-types to ^${FIXTURE_VERSION}, but the release is ${FIXTURE_VERSION}`,
        `pins ${lookup} as "workspace:*", which is no exact version`,
        `pins ${lookup} to workspace:*, but the release is ${FIXTURE_VERSION}`,
      ],
    ],
    [
      "a platform under an alias",
      lookup,
      async (folder) =>
        editManifest(folder, {
          optionalDependencies: {
            [linux]: "npm:@openai/codex@1.2.3-linux-x64",
            "@openai/codex-darwin-arm64": FIXTURE_VERSION,
          },
        }),
      [
        `pins ${linux} as "npm:@openai/codex@1.2.3-linux-x64", which is no exact version`,
        `pins ${linux} to npm:@openai/codex@1.2.3-linux-x64, but the release is ${FIXTURE_VERSION}`,
      ],
    ],
    [
      "an SDK from which a platform package cannot be found",
      sdk,
      async (folder) =>
        editManifest(folder, { optionalDependencies: { [linux]: FIXTURE_VERSION } }),
      ["does not pin @openai/codex-darwin-arm64, so it cannot be found from there"],
    ],
    [
      "another version than the lane's",
      "@openai/codex-types",
      async (folder) => editManifest(folder, { version: "1.2.2" }),
      [`has version 1.2.2, but the release is ${FIXTURE_VERSION}`],
    ],
    [
      "a dependency that nobody publishes",
      sdk,
      async (folder) =>
        editManifest(folder, {
          dependencies: {
            "left-pad": "1.0.0",
            "@openai/codex-types": FIXTURE_VERSION,
            [lookup]: FIXTURE_VERSION,
          },
        }),
      ["depends on left-pad, which the release lacks"],
    ],
    [
      "development fields and another registry",
      sdk,
      async (folder) =>
        editManifest(folder, {
          scripts: { postinstall: "node x.js" },
          publishConfig: { registry: "http://127.0.0.1:1/" },
        }),
      [
        'the manifest has the development field "scripts"',
        "publishConfig sends it to the registry http://127.0.0.1:1/",
      ],
    ],
    [
      "sources, secrets and paths of the machine that built it",
      sdk,
      async (folder) => {
        const token = `npm_${"a".repeat(36)}`;
        await writeFile(join(folder, "dist/index.test.js"), "");
        await writeFile(join(folder, "dist/config.js"), `export const token = "${token}";\n`);
        await writeFile(
          join(folder, "dist/place.js"),
          'export const place = "/home/builder/codex";\n',
        );
        await writeFile(join(folder, "dist/signing.pem"), "");
      },
      [
        "dist/config.js holds what looks like an npm token",
        "dist/index.test.js is for developers, not for users",
        "dist/place.js names a path of the machine that built it: /home/builder",
        "dist/signing.pem may hold secrets",
      ],
    ],
    [
      "a module that imports what is no dependency, or without an extension",
      sdk,
      async (folder) =>
        appendFile(
          join(folder, "dist/index.js"),
          'import "./generated/version";\nimport x from "left-pad";\n',
        ),
      [
        "dist/index.js imports ./generated/version without an extension",
        "dist/index.js imports left-pad, which is no dependency",
      ],
    ],
    [
      "a lost executable bit",
      linux,
      async (folder) => chmod(join(folder, vendor, "bin/codex"), 0o644),
      [`${vendor}/bin/codex has lost its executable bits in the tarball (mode 644)`],
    ],
    [
      "the runtime of another version and no restriction to its platform",
      linux,
      async (folder) => {
        await editManifest(folder, { os: ["linux", "darwin"] });
        const file = join(folder, vendor, "codex-package.json");
        await writeJson(file, { ...readJsonObject(file), version: "1.2.2" });
      },
      [
        'is not restricted to linux on x64 (os ["linux","darwin"], cpu ["x64"])',
        "carries the runtime 1.2.2",
      ],
    ],
    [
      "a missing runtime and a missing licence",
      linux,
      async (folder) => {
        await rm(join(folder, "LICENSE"));
        await rm(join(folder, vendor, "bin"), { recursive: true });
      },
      ["has no LICENSE", `has no program ${vendor}/bin/codex`],
    ],
  ])("%s", async (_, name, change, expected) => {
    await using folder = await temporaryFolder();
    const release = await changed(folder.path, name, change);
    expect((await tarballProblems(release)).toSorted()).toEqual(
      expected.map((problem) => `${name} ${problem}`).toSorted(),
    );
  });

  test("a declaration that does not compile for its users", async () => {
    await using folder = await temporaryFolder();
    const release = await changed(folder.path, sdk, async (path) =>
      appendFile(join(path, "dist/index.d.ts"), "export declare const broken: Missing;\n"),
    );
    expect(
      (await problems(release)).map((problem) => problem.replace(/: .*?(?=error)/, ": ")),
    ).toEqual(
      ["node16", "nodenext", "bundler"].map(
        (resolution) =>
          `${sdk} types under ${resolution}: error TS2304: Cannot find name 'Missing'.`,
      ),
    );
  });

  test("an entry point that is not in the tarball", async () => {
    await using folder = await temporaryFolder();
    const release = await changed(folder.path, sdk, async (path) =>
      rm(join(path, "dist/index.js")),
    );
    expect(await problems(release)).toEqual([
      `${sdk} the manifest names dist/index.js, which the tarball lacks`,
      expect.stringMatching(/^@openai\/codex publint: .*dist\/index\.js.* does not exist/),
    ]);
  });
});
