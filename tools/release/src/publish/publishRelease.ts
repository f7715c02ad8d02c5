import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { integrityOf } from "../integrity.js";
import type { OnProgress } from "../progress.js";
import { ReleaseError } from "../releaseError.js";
import {
  megabytes,
  readRelease,
  type ReleaseManifest,
  type StagedPackage,
} from "../releaseManifest.js";
import { type RetryPolicy, withRetries } from "../retry.js";
import { inScope, OWN_NAMES, OWN_SCOPE } from "../scope.js";
import { parseCodexVersion } from "../version/codexVersion.js";
import { checkDistTag, movesBack } from "../version/distTag.js";
import { NpmPublishError, npmPublish } from "./npmPublish.js";
import { checkSameContent, planPublication, type PublishPlan } from "./publishPlan.js";
import { type PublishedPackage, Registry } from "./registry.js";

/** Time limit for a registry to show what it has accepted, in milliseconds. */
const VISIBLE_WITHIN_MS = 10 * 60_000;
/** The pause between two looks, at first and at most, in milliseconds. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 10_000;
const RETRIES: RetryPolicy = { attempts: 4, delayMs: 2_000 };

export interface PublishOptions {
  /** The folder that `stage-all` made. */
  readonly release: string;
  readonly registry: string;
  /** Only plans. */
  readonly isDryRun?: boolean;
  readonly hasProvenance?: boolean;
  /** The dist-tag; by default it follows from the version and what is published. */
  readonly tag?: string | undefined;
  readonly retries?: RetryPolicy;
  readonly visibleWithinMs?: number;
  /** Receives a line before and after each package. */
  readonly onProgress?: OnProgress;
}

/** Outcome of a publication, or of its dry run. */
export interface PublishReport {
  readonly version: string;
  readonly distTag: string;
  readonly isDryRun: boolean;
  readonly packages: readonly {
    readonly name: string;
    readonly outcome: "already published" | "published" | "would be published";
  }[];
}

/**
 * Publishes a staged release, stage by stage: platform packages, runtime lookup, types, SDK. A stage
 * begins when the registry shows all of the one before, so that no published package ever lacks a
 * dependency. What is already published with the same content is skipped: after a failure the same
 * command continues where it stopped. Each package's dist-tag and content are read back.
 *
 * @throws ReleaseError `PUBLISH_CONFLICT`, `PUBLISH_FAILED` or `INVALID_RELEASE`.
 */
export async function publishRelease(options: PublishOptions): Promise<PublishReport> {
  const { retries = RETRIES, isDryRun = false, onProgress = () => {} } = options;
  const release = resolve(options.release);
  const { manifest, version } = readRelease(release);
  if (options.tag !== undefined) checkDistTag(options.tag, version);
  const registry = new Registry(options.registry, retries);
  if (!registry.isLoopback) checkIsReal(manifest);
  await checkTarballs(release, manifest);

  const published = new Map<string, PublishedPackage>();
  for (const { name } of manifest.packages) published.set(name, await registry.read(name));
  const plan = planPublication(manifest, version, published, options.tag);
  if (!isDryRun) await carryOut(plan, registry, { ...options, release, retries, onProgress });
  return {
    version: manifest.version,
    distTag: plan.distTag,
    isDryRun,
    packages: plan.packages.map(({ staged, action }) => ({
      name: staged.name,
      outcome:
        action === "publish"
          ? isDryRun
            ? "would be published"
            : "published"
          : "already published",
    })),
  };
}

interface CarryOutOptions extends PublishOptions {
  readonly retries: RetryPolicy;
  readonly onProgress: OnProgress;
}

async function carryOut(
  plan: PublishPlan,
  registry: Registry,
  options: CarryOutOptions,
): Promise<void> {
  const withinMs = options.visibleWithinMs ?? VISIBLE_WITHIN_MS;
  const wrongTags: string[] = [];
  const total = plan.packages.reduce((sum, { staged }) => sum + staged.size, 0);
  let done = 0;
  // Stage by stage, and one at a time: npm holds a tarball several times in memory while it sends it.
  for (const [index, { staged, action }] of plan.packages.entries()) {
    const place = `[${index + 1}/${plan.packages.length}] ${staged.name} ${staged.version}`;
    if (action === "publish") {
      const size = megabytes(staged.size);
      options.onProgress(`${place}: publishing (${size})`, { done, total });
      await checkTagStandsBelow(staged, plan.distTag, registry);
      await publishOne(staged, plan.distTag, registry, options);
    }
    const tag = await waitUntilVisible(staged, registry, {
      withinMs,
      // What was there before is not given a tag, so there is nothing to wait for.
      distTag: action === "publish" ? plan.distTag : null,
    });
    done += staged.size;
    options.onProgress(
      action === "publish"
        ? `${place}: published as ${plan.distTag}, and verified`
        : `${place}: already published, and verified`,
      { done, total },
    );
    if (tag.get(plan.distTag) !== staged.version) {
      wrongTags.push(
        `npm dist-tag add ${staged.name}@${staged.version} ${plan.distTag} --registry=${registry.url.href}`,
      );
    }
  }
  if (wrongTags.length > 0) {
    throw new ReleaseError(
      "PUBLISH_FAILED",
      `The dist-tag "${plan.distTag}" is not at ${plan.packages[0]?.staged.version ?? ""} in ${wrongTags.length} of ${plan.packages.length} packages: they were published before, under another tag. All packages are there with the right content. Set the tag with a login that may:\n${wrongTags.join("\n")}`,
    );
  }
}

/** The plan is many minutes old by the last packages: another publisher may have moved the tag since. */
async function checkTagStandsBelow(
  { name, version }: StagedPackage,
  distTag: string,
  registry: Registry,
): Promise<void> {
  // A registry that is down for a moment does not end the release: it may be up when the package is sent.
  const { distTags = new Map() } = (await registry.read(name).catch(() => null)) ?? {};
  if (!movesBack(distTag, parseCodexVersion(version), distTags)) return;
  throw new ReleaseError(
    "PUBLISH_FAILED",
    `Another publication has moved the dist-tag "${distTag}" of ${name} to ${distTags.get(distTag) ?? ""} meanwhile, and it does not move back to ${version}. Run the command again when the other one has ended: it continues under another tag.`,
  );
}

async function publishOne(
  staged: StagedPackage,
  distTag: string,
  registry: Registry,
  options: CarryOutOptions,
): Promise<void> {
  const isRetryable = (error: unknown): boolean =>
    error instanceof NpmPublishError && error.isTemporary;
  const tarball = join(options.release, staged.tarball);
  // An attestation goes to a public log, where a registry on this machine has no place.
  const hasProvenance = (options.hasProvenance ?? false) && !registry.isLoopback;
  const scope = staged.name.split("/", 1)[0] ?? OWN_SCOPE;
  await withRetries(options.retries, isRetryable, async (attempt) => {
    if (attempt > 1)
      options.onProgress(`${staged.name}: attempt ${attempt} of ${options.retries.attempts}`);
    try {
      await npmPublish(tarball, { registry, scope, distTag, hasProvenance });
    } catch (error) {
      // The registry may have taken it and only the answer was lost. If it cannot be read either, the
      // reason of the first failure is the one to report.
      const now = await registry.read(staged.name).catch(() => null);
      const found = now?.versions.get(staged.version);
      if (found === undefined) throw error;
      checkSameContent(staged, found);
    }
  });
}

/** Waits until the registry shows a package, its dist-tag and its content; returns the dist-tags. */
async function waitUntilVisible(
  staged: StagedPackage,
  registry: Registry,
  { withinMs, distTag }: { readonly withinMs: number; readonly distTag: string | null },
): Promise<ReadonlyMap<string, string>> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const seen = await look(staged, registry, distTag);
    if (typeof seen !== "string") return seen;
    if (Date.now() + pauseMs > deadline) {
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `${staged.name} ${staged.version} was accepted, but after ${withinMs / 1000} s ${seen}. Nothing after it was published; run the command again later: it continues where it stopped.`,
      );
    }
    await delay(pauseMs);
  }
}

/** Looks at a package once: its dist-tags if all is as it was sent, else what is not. */
async function look(
  staged: StagedPackage,
  registry: Registry,
  distTag: string | null,
): Promise<ReadonlyMap<string, string> | string> {
  try {
    const { versions, distTags } = await registry.read(staged.name);
    const found = versions.get(staged.version);
    if (found === undefined) return "the registry does not show it";
    checkSameContent(staged, found);
    const holder = distTag === null ? staged.version : distTags.get(distTag);
    if (holder !== staged.version) {
      return `its dist-tag "${distTag ?? ""}" is ${holder === undefined ? "missing" : `at ${holder}`}`;
    }
    const integrity = await registry.fetchIntegrity(found);
    if (integrity === null) return "the registry does not hand out its tarball";
    if (integrity !== staged.integrity) {
      return `the registry hands out a tarball with other content (${integrity})`;
    }
    return distTags;
  } catch (error) {
    if (error instanceof ReleaseError && error.code === "PUBLISH_CONFLICT") throw error;
    // The registry may be down for a moment; the caller looks again until its time is up.
    return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
  }
}

/** A rehearsal may leave platforms out and take types of another runtime; a release may not. */
function checkIsReal(manifest: ReleaseManifest): void {
  const names = new Set(manifest.packages.map(({ name }) => name));
  const missing = OWN_NAMES.map((name) => inScope(name, manifest.scope)).filter(
    (name) => !names.has(name),
  );
  if (missing.length > 0) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `The release lacks ${missing.join(", ")}: such a part of a release can only be published to a registry on this machine. Stage it with --platforms all.`,
    );
  }
  if (manifest.typesVersion !== manifest.version) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `The release ${manifest.version} has the protocol types of ${manifest.typesVersion}: it can only be published to a registry on this machine. Move the packages first: pnpm release bump --codex-version ${manifest.version}.`,
    );
  }
}

async function checkTarballs(release: string, manifest: ReleaseManifest): Promise<void> {
  for (const { name, tarball, integrity } of manifest.packages) {
    const file = join(release, tarball);
    if (!existsSync(file) || (await integrityOf(file)) !== integrity) {
      throw new ReleaseError(
        "INVALID_RELEASE",
        `The tarball of ${name} (${file}) is missing or not the one that was staged. Stage the release again.`,
      );
    }
  }
}
