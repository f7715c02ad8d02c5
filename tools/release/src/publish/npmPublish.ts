import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isNetworkCode, npmErrorCode } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { npmCommand, reasonIn, runCommand } from "../runCommand.js";
import { inScratchFolder } from "../scratchFolder.js";
import type { Registry } from "./registry.js";

const BUSY_CODES: ReadonlySet<string> = new Set(["E409", "E429"]);

export interface NpmPublishOptions {
  readonly registry: Registry;
  /** Scope of the package; npm prefers its registry to the general one. */
  readonly scope: string;
  readonly distTag: string;
  readonly hasProvenance: boolean;
}

/**
 * Failure of `npm publish`. `isTemporary` is true if it may be tried again: the network failed, or the
 * registry is busy with other requests (429) or with another version of the package (409).
 */
export class NpmPublishError extends ReleaseError {
  readonly isTemporary: boolean;

  constructor(tarball: string, stderr: string) {
    const code = npmErrorCode(stderr);
    super(
      "PUBLISH_FAILED",
      `npm publish failed${code === null ? "" : ` (${code})`}: ${reasonIn(stderr) ?? "npm printed no reason"}\nTarball: ${tarball}\n${withoutNotices(stderr)}`,
    );
    this.isTemporary = code !== null && (isNetworkCode(code) || BUSY_CODES.has(code));
  }
}

/**
 * Publishes one tarball, once.
 *
 * @param tarball An absolute path.
 * @throws NpmPublishError
 */
export async function npmPublish(tarball: string, options: NpmPublishOptions): Promise<void> {
  const { registry, scope, distTag, hasProvenance } = options;
  const { href } = registry.url;
  await inScratchFolder(tmpdir(), "codex-release-npm-", async (scratch) => {
    const args = [
      "publish",
      tarball,
      // On the command line nothing overrides it.
      `--registry=${href}`,
      `--${scope}:registry=${href}`,
      `--tag=${distTag}`,
      "--access=public",
      "--ignore-scripts",
      "--fetch-retries=0",
      ...(hasProvenance ? ["--provenance"] : []),
    ];
    const { exitCode, stderr } = await runCommand([...npmCommand(), ...args], {
      // A folder without a manifest: npm reads no configuration of a project.
      cwd: scratch,
      env: registry.isLoopback ? await loopbackLogin(registry, scratch) : {},
    });
    if (exitCode !== 0) throw new NpmPublishError(tarball, stderr);
  });
}

/** Returns the output of npm without the list of the tarball's files. */
function withoutNotices(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !line.startsWith("npm notice"))
    .join("\n")
    .trim();
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
