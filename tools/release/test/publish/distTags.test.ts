import { expect, test } from "vitest";

import { publishRelease } from "../../src/publish/publishRelease.js";
import { type LoopbackRegistry, loopbackRegistry } from "../support/loopbackRegistry.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

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
