import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isNetworkCode, npmErrorCode } from "../networkError.js";
import { ReleaseError } from "../releaseError.js";
import { npmCommand, reasonIn, runCommand } from "../runCommand.js";
import { inScratchFolder } from "../scratchFolder.js";
import type { Registry } from "./registry.js";

const BUSY_CODES: ReadonlySet<string> = new Set(["E409", "E429"]);

/** Remedies for a refused login, by the code of npm. The same command then completes the publication. */
const LOGIN_REMEDIES: Readonly<Record<string, string>> = {
  ENEEDAUTH:
    "log in with npm login, or put a token for this registry into .npmrc; a workflow needs id-token: write and npm 11.5 for a trusted publisher",
  E401: "the token is not known to this registry, or has expired: make another one",
  E403: "the login may not publish this package: check the owners of the scope, the rights of the token, and whether the package demands a second factor",
  EOTP: "the account demands a one-time password: publish from the workflow as a trusted publisher, or with a granular token that may bypass the second factor",
  EUSAGE: "an option cannot be used here: --provenance needs a workflow with id-token: write",
};

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
    const failure = `npm publish failed${code === null ? "" : ` (${code})`}: ${reasonIn(stderr) ?? "npm printed no reason"}`;
    const remedy = code === null ? undefined : LOGIN_REMEDIES[code];
    super(
      "PUBLISH_FAILED",
      remedy === undefined
        ? `${failure}\nTarball: ${tarball}\n${withoutNotices(stderr)}`
        : `${failure} - ${remedy}\nTarball: ${tarball}`,
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
