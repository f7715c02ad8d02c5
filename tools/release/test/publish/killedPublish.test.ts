import { expect, test } from "vitest";

import { publishRelease } from "../../src/publish/publishRelease.js";
import { loopbackRegistry } from "../support/loopbackRegistry.js";
import { stagedRelease } from "../support/stagedRelease.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import { startTool } from "../support/tool.js";
import { unreliableProxy } from "../support/unreliableProxy.js";

test("completes a publication that was killed halfway", async () => {
  await using folder = await temporaryFolder();
  const { path } = await stagedRelease(folder.path);
  await using registry = await loopbackRegistry();
  const hanging = deferred();
  await using proxy = await unreliableProxy(registry.url, (request) => {
    if (request !== "PUT @openai/codex-cli-bin") return "forward";
    hanging.resolve();
    return "hang";
  });
  await using tool = startTool(["publish", path, "--registry", proxy.url], folder.path);
  await Promise.race([hanging.promise, tool.ended]);
  await tool.kill();

  const report = await publishRelease({ release: path, registry: registry.url });
  expect(report.packages.map(({ outcome }) => outcome)).toEqual([
    "already published",
    "already published",
    "published",
    "published",
    "published",
  ]);
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
