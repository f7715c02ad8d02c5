import { ReleaseError } from "../releaseError.js";
import type { RetryPolicy } from "../retry.js";
import { inScope, OWN_NAMES } from "../scope.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { cliInTheWay, isCli } from "./ownership.js";
import { Registry, type PublishedPackage } from "./registry.js";

/** State of a version of one package name in a registry. */
export type Standing =
  | "free"
  | "ours"
  | "taken by the CLI"
  | "taken by another package"
  | "taken for good, as it was unpublished";

/** Standing of each package of a release. */
export interface PreflightReport {
  readonly version: string;
  readonly packages: readonly {
    readonly name: string;
    readonly standing: Standing;
    /** The published version that is in the way, if it is another one of the same minor. */
    readonly because: string | null;
  }[];
}

export interface PreflightOptions {
  readonly registry: string;
  readonly version: CodexVersion;
  readonly scope: string;
  /** `repository.url` of our manifests: another package has another one. */
  readonly repositoryUrl: string;
  readonly retries?: RetryPolicy;
}

const RETRIES: RetryPolicy = { attempts: 4, delayMs: 2_000 };

/** Finds out, before anything is built, whether a version can be published under its names. */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const { version, scope, repositoryUrl } = options;
  const registry = new Registry(options.registry, options.retries ?? RETRIES);
  const packages: PreflightReport["packages"][number][] = [];
  for (const name of OWN_NAMES.map((ownName) => inScope(ownName, scope))) {
    const published = await registry.read(name);
    const inTheWay = cliInTheWay(name, version, published);
    packages.push({
      name,
      standing:
        inTheWay === null
          ? standingOf(name, version, published, repositoryUrl)
          : "taken by the CLI",
      because: inTheWay === version.npm ? null : inTheWay,
    });
  }
  return { version: version.npm, packages };
}

function standingOf(
  name: string,
  version: CodexVersion,
  { versions, unpublished }: PublishedPackage,
  repositoryUrl: string,
): Standing {
  const found = versions.get(version.npm);
  if (found === undefined) {
    return unpublished.has(version.npm) ? "taken for good, as it was unpublished" : "free";
  }
  if (name.endsWith("/codex") && isCli(found)) return "taken by the CLI";
  return found.repository === repositoryUrl ? "ours" : "taken by another package";
}

/**
 * Checks a report: a version of ours may be published again, which completes or repeats its publication.
 *
 * @throws ReleaseError `NAME_TAKEN`
 */
export function checkPreflight({ version, packages }: PreflightReport): void {
  const taken = packages.filter(({ standing }) => standing.startsWith("taken"));
  if (taken.length === 0) return;
  const reasons = taken.map(
    ({ name, standing, because }) =>
      `${name} is ${standing}${because === null ? "" : ` (its ${because} is of the same minor)`}`,
  );
  throw new ReleaseError(
    "NAME_TAKEN",
    `${version} cannot be published: ${reasons.join(", ")}. Release a minor that the name never had (docs/releasing.md, the name), or stage with --scope @you.`,
  );
}
