import { createRequire } from "node:module";
import { dirname } from "node:path";

import { npmCommand, runOrThrow } from "../../src/runCommand.js";
import { THIRD_PARTY } from "../../src/verify/checkManifests.js";

/** Publishes to a registry of this machine, which is empty at first, what the packages of the release depend on. */
export async function publishThirdParty(registry: string): Promise<void> {
  const sdk = createRequire(new URL("../../../../packages/codex/package.json", import.meta.url));
  for (const name of THIRD_PARTY) {
    const folder = dirname(sdk.resolve(`${name}/package.json`));
    const token = `--${registry.replace(/^http:/, "")}:_authToken=any`;
    // oxlint-disable-next-line no-await-in-loop -- npm takes a core
    await runOrThrow(
      [...npmCommand(), "publish", folder, "--registry", registry, "--ignore-scripts", token],
      { cwd: folder },
    );
  }
}
