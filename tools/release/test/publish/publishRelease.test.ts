import { cp } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { publishRelease } from "../../src/publish/publishRelease.js";
import { FIXTURE_VERSION } from "../support/fixtureRepository.js";
import { publishingMarket } from "../support/publishingMarket.js";
import { type StagedRelease, stagedRelease } from "../support/stagedRelease.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import type { Fate, ProxiedRequest } from "../support/unreliableProxy.js";

const MAC = "@openai/codex-darwin-arm64";
const LINUX = "@openai/codex-linux-x64";
const LOOKUP = "@openai/codex-cli-bin";
const TYPES = "@openai/codex-types";
const SDK = "@openai/codex";
const ORDER = [MAC, LINUX, LOOKUP, TYPES, SDK];

let shared: TemporaryFolder;
let release: StagedRelease;
beforeAll(async () => {
  shared = await temporaryFolder();
  release = await stagedRelease(shared.path);
});
afterAll(async () => shared[Symbol.asyncDispose]());

const market = (fateOf?: (request: ProxiedRequest, nth: number) => Fate) =>
  publishingMarket(release, fateOf);

function outcomes(...each: readonly string[]) {
  return ORDER.map((name, index) => ({ name, outcome: each[index] ?? each.at(-1) }));
}

test("publishes platform packages, lookup, types and SDK, in this order and under latest", async () => {
  await using place = await market();
  const messages: string[] = [];
  const report = await place.publish({ onProgress: (message) => messages.push(message) });
  expect(report).toEqual({
    version: FIXTURE_VERSION,
    distTag: "latest",
    isDryRun: false,
    packages: outcomes("published"),
  });
  expect(place.puts()).toEqual(ORDER);
  expect(messages).toEqual(
    ORDER.flatMap((name, index) => {
      const line = `[${index + 1}/5] ${name} ${FIXTURE_VERSION}`;
      return [
        expect.stringMatching(
          `^${line.replaceAll(/[[\]]/g, "\\$&")}: publishing \\(\\d+\\.\\d\\d MB\\)$`,
        ),
        `${line}: published as latest, and verified`,
      ];
    }),
  );
  const { integrity } = release.manifest.packages.find(({ name }) => name === SDK) ?? {};
  expect(await place.registry.packument(SDK)).toMatchObject({
    "dist-tags": { latest: FIXTURE_VERSION },
    versions: { [FIXTURE_VERSION]: { dist: { integrity } } },
  });
});

test("skips what is published already with the same content", async () => {
  await using place = await market();
  await place.publish();
  const report = await place.publish();
  expect(report.packages).toEqual(outcomes("already published"));
  expect(place.puts()).toEqual(ORDER);
});

test("publishes nothing if one package is there with another content", async () => {
  await using place = await market();
  await using other = await temporaryFolder();
  const foreign = await stagedRelease(other.path, { platforms: "linux-x64" });
  await place.publish({ release: foreign.path });
  const before = place.puts().length;
  await expect(place.publish()).rejects.toMatchObject({
    code: "PUBLISH_CONFLICT",
    message: expect.stringMatching(
      new RegExp(
        `^${LOOKUP} ${FIXTURE_VERSION} is already published with another content \\(sha512-.*staged sha512-`,
      ),
    ),
  });
  expect(place.puts().length).toBe(before);
});

test("reports in a dry run what it would do, and sends nothing", async () => {
  let isBroken = true;
  await using place = await market((request) =>
    isBroken && request === `PUT ${LINUX}` ? 500 : "forward",
  );
  await expect(place.publish()).rejects.toThrow("E500");
  isBroken = false;
  const before = place.puts().length;
  expect(await place.publish({ isDryRun: true })).toEqual({
    version: FIXTURE_VERSION,
    distTag: "latest",
    isDryRun: true,
    packages: outcomes("already published", "would be published"),
  });
  expect(place.puts().length).toBe(before);
});

describe("after a failure", () => {
  test.each([
    [LINUX, [MAC]],
    [LOOKUP, [MAC, LINUX]],
    [TYPES, [MAC, LINUX, LOOKUP]],
  ])("of %s publishes nothing after it, and continues from there", async (failing, done) => {
    let isBroken = true;
    await using place = await market((request) =>
      isBroken && request === `PUT ${failing}` ? 500 : "forward",
    );
    await expect(place.publish()).rejects.toMatchObject({
      code: "PUBLISH_FAILED",
      message: expect.stringContaining("E500"),
    });
    // An answer of the registry is no network error: it is not tried again.
    expect(place.puts()).toEqual([...done, failing]);
    isBroken = false;
    const report = await place.publish();
    expect(report.packages).toEqual(
      ORDER.map((name) => ({
        name,
        outcome: done.includes(name) ? "already published" : "published",
      })),
    );
  });
});

describe("when the network fails", () => {
  test("tries again", async () => {
    await using place = await market((request, nth) =>
      request === `PUT ${LINUX}` && nth < 3 ? "drop" : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
    expect(place.puts()).toEqual([MAC, LINUX, LINUX, LINUX, LOOKUP, TYPES, SDK]);
  });

  test.each([409, 429])("tries again after one refusal %i, which is temporary", async (status) => {
    await using place = await market((request, nth) =>
      request === `PUT ${LINUX}` && nth === 1 ? status : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
    expect(place.puts()).toEqual([MAC, LINUX, LINUX, LOOKUP, TYPES, SDK]);
  });

  test("fails after the last attempt", async () => {
    await using place = await market((request) =>
      request === `PUT ${LINUX}` ? "drop" : "forward",
    );
    await expect(place.publish()).rejects.toMatchObject({ code: "PUBLISH_FAILED" });
    expect(place.puts()).toEqual([MAC, LINUX, LINUX, LINUX]);
  });

  test("does not send again what arrived although the answer was lost", async () => {
    await using place = await market((request) =>
      request === `PUT ${LINUX}` ? "lose answer" : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
    expect(place.puts()).toEqual(ORDER);
  });

  test.each([500, 502, 429])("reads the registry again after one answer %i", async (status) => {
    await using place = await market((request, nth) =>
      request.startsWith("GET") && nth === 1 ? status : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
  });

  test("looks again while the registry is down behind a package that it has accepted", async () => {
    await using place = await market((request, nth) =>
      request === `GET ${LINUX}` && nth > 1 && nth < 8 ? 500 : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
    expect(place.puts()).toEqual(ORDER);
  });

  test("reads the registry again, but not for ever", async () => {
    await using place = await market((request, nth) =>
      request === `GET ${MAC}` && nth < 3 ? "drop" : "forward",
    );
    expect((await place.publish()).packages).toEqual(outcomes("published"));
    await using dead = await market((request) => (request.startsWith("GET") ? "drop" : "forward"));
    await expect(dead.publish()).rejects.toThrow("Could not read from the registry");
    expect(dead.puts()).toEqual([]);
  });
});

describe("waits until the registry shows a package", () => {
  test("and its tarball, before the next stage", async () => {
    await using place = await market((request, nth) => {
      if (request === `GET ${LINUX}` && nth > 1 && nth < 4) return 404;
      return request.startsWith(`GET ${LINUX}/-/`) && nth === 1 ? 404 : "forward";
    });
    expect((await place.publish()).packages).toEqual(outcomes("published"));
  });

  test("and publishes nothing further if it never does", async () => {
    await using place = await market((request, nth) =>
      request === `GET ${LINUX}` && nth > 1 ? 404 : "forward",
    );
    await expect(place.publish({ visibleWithinMs: 600 })).rejects.toThrow(
      `${LINUX} ${FIXTURE_VERSION} was accepted, but after 0.6 s the registry does not show it`,
    );
    expect(place.puts()).toEqual([MAC, LINUX]);
  });
});

test("reports the registry's reason in the first line, and no list of files", async () => {
  await using place = await market((request) => (request === `PUT ${MAC}` ? 403 : "forward"));
  const error = await place.publish().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringMatching(/^npm publish failed \(E403\): 403 [^\n]*\nTarball: /),
  });
  expect(String(error)).not.toContain("npm notice");
});

test("fails if the registry hands out another tarball than the one that was sent", async () => {
  await using place = await market((request) =>
    request.startsWith(`GET ${MAC}/-/`) ? "forge" : "forward",
  );
  await expect(place.publish({ visibleWithinMs: 300 })).rejects.toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringContaining("the registry hands out a tarball with other content"),
  });
});

test("refuses a tarball that is not the one that was staged", async () => {
  await using place = await market();
  await using other = await temporaryFolder();
  const copy = join(other.path, "release");
  await cp(release.path, copy, { recursive: true });
  const [first, second] = release.manifest.packages;
  await cp(join(copy, first?.tarball ?? ""), join(copy, second?.tarball ?? ""));
  await expect(place.publish({ release: copy })).rejects.toMatchObject({ code: "INVALID_RELEASE" });
  expect(place.puts()).toEqual([]);
});

test("publishes a part of a release, or a rehearsal, to this machine alone", async () => {
  const registry = "https://registry.invalid/";
  await expect(publishRelease({ release: release.path, registry })).rejects.toMatchObject({
    code: "INVALID_RELEASE",
    message: expect.stringContaining("The release lacks @openai/codex-darwin-x64"),
  });
  await using folder = await temporaryFolder();
  const rehearsal = await stagedRelease(folder.path, { version: "2.0.0", platforms: "all" });
  await expect(publishRelease({ release: rehearsal.path, registry })).rejects.toThrow(
    `The release 2.0.0 has the protocol types of ${FIXTURE_VERSION}`,
  );
});
