import { type PublishOptions, publishRelease } from "../../src/publish/publishRelease.js";
import { loopbackRegistry } from "./loopbackRegistry.js";
import type { StagedRelease } from "./stagedRelease.js";
import { type Fate, type ProxiedRequest, unreliableProxy } from "./unreliableProxy.js";

/** A registry, and a proxy before it that decides the fate of each request. */
export async function publishingMarket(
  release: Pick<StagedRelease, "path">,
  fateOf: (request: ProxiedRequest, nth: number) => Fate = () => "forward",
) {
  const registry = await loopbackRegistry();
  const proxy = await unreliableProxy(registry.url, fateOf);
  const publish = async (options: Partial<PublishOptions> = {}) =>
    publishRelease({
      release: release.path,
      registry: proxy.url,
      retries: { attempts: 3, delayMs: 1 },
      ...options,
    });
  return {
    registry,
    publish,
    puts: () =>
      proxy.requests.filter((each) => each.startsWith("PUT ")).map((each) => each.slice(4)),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}
