import { expect, test } from "vitest";

import { publishRelease } from "../../src/publish/publishRelease.js";
import { type LoopbackRegistry, loopbackRegistry } from "../support/loopbackRegistry.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

/** Publishes a version of the fixture; resolves to its dist-tag. */
async function publish(registry: LoopbackRegistry, version: string, tag?: string): Promise<string> {
  await using folder = await temporaryFolder();
  const release = await stagedRelease(folder.path, { version, platforms: "linux-x64" });
  return (await publishRelease({ release: release.path, registry: registry.url, tag })).distTag;
}

test("moves each dist-tag with its own releases, and latest with the highest stable one", async () => {
  await using registry = await loopbackRegistry();
  expect(await publish(registry, "1.1.0")).toBe("latest");
  expect(await publish(registry, "1.2.0-alpha.1")).toBe("alpha");
  expect(await publish(registry, "1.0.1")).toBe("release-1.0");
  expect(await publish(registry, "1.2.0", "next")).toBe("next");
  expect(await registry.packument("@openai/codex-linux-x64")).toMatchObject({
    "dist-tags": { latest: "1.1.0", alpha: "1.2.0-alpha.1", "release-1.0": "1.0.1", next: "1.2.0" },
  });
  await expect(publish(registry, "1.3.0-rc.1", "latest")).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
});

test("moves no dist-tag back, whatever its name", async () => {
  await using registry = await loopbackRegistry();
  expect(await publish(registry, "1.2.0-alpha.2")).toBe("alpha");
  expect(await publish(registry, "1.1.0-alpha.9")).toBe("alpha-1.1");
  expect(await publish(registry, "1.1.0-alpha.8")).toBe("version-1.1.0-alpha.8");
  expect(await publish(registry, "1.2.0", "next")).toBe("next");
  await expect(publish(registry, "1.1.0", "next")).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining('"next" is at 1.2.0 and does not move back to 1.1.0'),
  });
  expect(await registry.packument("@openai/codex")).toMatchObject({
    "dist-tags": {
      alpha: "1.2.0-alpha.2",
      "alpha-1.1": "1.1.0-alpha.9",
      "version-1.1.0-alpha.8": "1.1.0-alpha.8",
      next: "1.2.0",
    },
  });
});

test("fails, and names the remedy, if a package was published before under another tag", async () => {
  await using registry = await loopbackRegistry();
  await using folder = await temporaryFolder();
  await publish(registry, "1.0.0");
  const release = await stagedRelease(folder.path, { version: "1.1.0", platforms: "linux-x64" });
  await publishRelease({ release: release.path, registry: registry.url, tag: "next" });
  await expect(
    publishRelease({ release: release.path, registry: registry.url }),
  ).rejects.toMatchObject({
    code: "PUBLISH_FAILED",
    message: expect.stringMatching(
      /^The dist-tag "latest" is not at 1\.1\.0 in 4 of 4 packages[\s\S]*npm dist-tag add @openai\/codex@1\.1\.0 latest/,
    ),
  });
});
