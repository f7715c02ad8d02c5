import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { isRecord, readJsonObject } from "./json.js";
import { ReleaseError } from "./releaseError.js";
import { type CodexVersion, parseCodexVersion } from "./version/codexVersion.js";

/** The three packages that are written by hand, in the order in which they are published. */
export const LANE = [
  { stage: "cli-bin", name: "@openai/codex-cli-bin", folder: "packages/codex-cli-bin" },
  { stage: "types", name: "@openai/codex-types", folder: "packages/codex-types" },
  { stage: "sdk", name: "@openai/codex", folder: "packages/codex" },
] as const;

/** One of the packages that are written by hand. */
export type LanePackage = (typeof LANE)[number];

/** A checkout of this repository. */
export interface Repository {
  readonly root: string;
  /** Version in the manifests of the published packages. */
  readonly version: CodexVersion;
}

/**
 * The folder of the checkout around `start`.
 *
 * @throws ReleaseError `NOT_IN_REPOSITORY` if there is none.
 */
export function repositoryRoot(start: string = process.cwd()): string {
  let root = resolve(start);
  while (
    !existsSync(join(root, "pnpm-workspace.yaml")) ||
    !existsSync(join(root, "packages/codex"))
  ) {
    if (dirname(root) === root) {
      throw new ReleaseError(
        "NOT_IN_REPOSITORY",
        `${resolve(start)} is not inside a checkout of the Codex SDK. Change into one, or name it with --repository.`,
      );
    }
    root = dirname(root);
  }
  return root;
}

/**
 * The checkout around `start`.
 *
 * @throws ReleaseError `NOT_IN_REPOSITORY` if there is none, `INVALID_PACKAGE` if its manifests do not
 * agree on one version.
 */
export function openRepository(start: string = process.cwd()): Repository {
  const root = repositoryRoot(start);
  const versions = new Map(
    LANE.map(({ folder }) => [
      folder,
      String(readJsonObject(join(root, folder, "package.json"))["version"]),
    ]),
  );
  const [version = "", ...others] = new Set(versions.values());
  if (others.length > 0) {
    const found = [...versions].map(([folder, each]) => `${folder}: ${each}`).join(", ");
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `The packages do not have one version (${found}). Run \`pnpm release bump\`, or correct the manifests.`,
    );
  }
  return { root, version: parseCodexVersion(version) };
}

/** The licence text that goes into every package. */
export function licencePath(repository: Repository): string {
  const path = join(repository.root, "LICENSE");
  if (!existsSync(path)) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `There is no licence at ${path}; every package carries it.`,
    );
  }
  return path;
}

/** Returns the fields that the published packages share, as the runtime lookup's manifest has them. */
export function sharedFields(repository: Repository): Record<string, unknown> {
  const manifest = readJsonObject(join(repository.root, "packages/codex-cli-bin/package.json"));
  const { license, homepage, bugs, repository: source, engines, publishConfig } = manifest;
  return {
    license,
    homepage,
    bugs,
    repository: source,
    engines,
    publishConfig: isRecord(publishConfig) ? publishConfig : {},
  };
}

/** `repository.url` of the lookup's manifest, which the platform packages take over. */
export function repositoryUrlOf(repository: Repository): string {
  const { repository: source } = sharedFields(repository);
  return String(isRecord(source) ? source["url"] : source);
}

/**
 * Checks that every manifest names the GitHub repository whose workflow publishes: npm refuses provenance
 * for another one, after half of the packages may be published.
 *
 * @param workflowRepository `owner/name`, as GitHub Actions names it.
 * @throws ReleaseError `INVALID_PACKAGE`
 */
export function checkRepositoryUrl(repository: Repository, workflowRepository: string): void {
  for (const { folder } of LANE) {
    const file = join(repository.root, folder, "package.json");
    const { repository: source } = readJsonObject(file);
    const url = String(isRecord(source) ? source["url"] : source);
    const named = /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1];
    if (named?.toLowerCase() === workflowRepository.toLowerCase()) continue;
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${file} names the repository ${url}, but the workflow runs in ${workflowRepository}: npm would refuse its provenance. Correct repository.url.`,
    );
  }
}
