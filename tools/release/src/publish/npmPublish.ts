import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { isNetworkCode, npmErrorCode } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { npmCommand, runCommand } from "../runCommand.js";
import type { Registry } from "./registry.js";

export interface NpmPublishOptions {
  readonly registry: Registry;
  readonly distTag: string;
  readonly hasProvenance: boolean;
}

/** `npm publish` failed; `isNetworkFailure` says whether it may be tried again. */
export class NpmPublishError extends ReleaseError {
  readonly isNetworkFailure: boolean;

  constructor(tarball: string, stderr: string) {
    const code = npmErrorCode(stderr);
    super(
      "PUBLISH_FAILED",
      `npm publish ${tarball} failed${code === null ? "" : ` (${code})`}:\n${stderr.trim()}`,
    );
    this.isNetworkFailure = code !== null && isNetworkCode(code);
  }
}

/**
 * Publishes one tarball, once.
 *
 * @throws NpmPublishError
 */
export async function npmPublish(tarball: string, options: NpmPublishOptions): Promise<void> {
  const { registry, distTag, hasProvenance } = options;
  const { href } = registry.url;
  const scratch = await mkdtemp(join(tmpdir(), "codex-release-npm-"));
  try {
    const args = [
      "publish",
      tarball,
      // On the command line nothing overrides it; npm prefers a scope's registry to the general one.
      `--registry=${href}`,
      `--@openai:registry=${href}`,
      `--tag=${distTag}`,
      "--access=public",
      "--ignore-scripts",
      "--fetch-retries=0",
      ...(hasProvenance ? ["--provenance"] : []),
    ];
    const { exitCode, stderr } = await runCommand([...npmCommand(), ...args], {
      cwd: dirname(tarball),
      env: registry.isLoopback ? await loopbackLogin(registry, scratch) : {},
    });
    if (exitCode !== 0) throw new NpmPublishError(tarball, stderr);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * npm publishes nothing without a login, though a test registry on this machine asks for none. The
 * placeholder goes into the file of least weight, so that a real login wins. It is named in the
 * environment: a package manager that runs this tool names another there, which beats an argument.
 */
async function loopbackLogin(
  registry: Registry,
  scratch: string,
): Promise<Readonly<Record<string, string>>> {
  const file = join(scratch, "npmrc");
  await writeFile(file, `//${registry.url.host}${registry.url.pathname}:_authToken=none\n`);
  return { npm_config_globalconfig: file };
}
