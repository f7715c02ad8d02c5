import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { npmPublish } from "../../src/publish/npmPublish.js";
import { Registry } from "../../src/publish/registry.js";
import { publishingMarket } from "../support/publishingMarket.js";
import { type StagedRelease, stagedRelease } from "../support/stagedRelease.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import type { Fate } from "../support/unreliableProxy.js";

const MAC = "@openai/codex-darwin-arm64";
const LOOKUP = "@openai/codex-cli-bin";

let shared: TemporaryFolder;
let release: StagedRelease;
beforeAll(async () => {
  shared = await temporaryFolder();
  release = await stagedRelease(shared.path);
});
afterAll(async () => shared[Symbol.asyncDispose]());

describe("a login that is refused", () => {
  test.each<[string, Fate, RegExp]>([
    [
      "a token that is not known",
      401,
      /^npm publish failed \(E401\): [^\n]+ - the token is not known/,
    ],
    ["a token without the right", 403, /^npm publish failed \(E403\): [^\n]+ - the login may not/],
    [
      "a second factor",
      "ask for OTP",
      /^npm publish failed \(EOTP\): [^\n]+ - the account demands/,
    ],
  ])("for %s has its remedy in one line, and nothing is published", async (_, fate, line) => {
    await using place = await publishingMarket(release, (request) =>
      request.startsWith("PUT") ? fate : "forward",
    );
    const error = await place.publish().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "PUBLISH_FAILED",
      message: expect.stringMatching(new RegExp(`${line.source}[^\\n]*\\nTarball: [^\\n]+$`)),
    });
    // The first package only, and once: a refused login is not tried again.
    expect(place.puts()).toEqual([MAC]);
    for (const { name } of release.manifest.packages) {
      // oxlint-disable-next-line no-await-in-loop -- five requests
      expect(await place.registry.packument(name)).not.toHaveProperty("versions");
    }
  });

  test("is completed by the same command with another login", async () => {
    let isRefused = true;
    await using place = await publishingMarket(release, (request) =>
      request === `PUT ${LOOKUP}` && isRefused ? 401 : "forward",
    );
    await expect(place.publish()).rejects.toThrow("(E401)");
    isRefused = false;
    const done = ["already published", "already published", "published", "published", "published"];
    expect((await place.publish()).packages.map(({ outcome }) => outcome)).toEqual(done);
  });
});

test("refuses provenance outside of a workflow in one line, and publishes nothing", async () => {
  await using place = await publishingMarket(release);
  // publishRelease leaves provenance out on the loopback, which has nobody to vouch for it.
  const registry = new Registry(place.registry.url, { attempts: 1, delayMs: 1 });
  const options = { registry, scope: "@openai", distTag: "latest", hasProvenance: true };
  const tarball = join(release.path, release.manifest.packages[0]?.tarball ?? "");
  const error = await npmPublish(tarball, options).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringMatching(
      /^npm publish failed \(EUSAGE\): [^\n]+ - [^\n]*--provenance needs a workflow[^\n]*\nTarball: [^\n]+$/,
    ),
  });
  expect(await place.registry.packument(MAC)).not.toHaveProperty("versions");
});
