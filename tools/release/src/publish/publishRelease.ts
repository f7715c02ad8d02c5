import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { integrityOf } from "../integrity.js";
import { targets } from "../platforms.js";
import { ReleaseError } from "../releaseError.js";
import {
  readRelease,
  type ReleaseManifest,
  type StagedPackage,
  STAGES,
} from "../releaseManifest.js";
import { LANE } from "../repository.js";
import { checkDistTag } from "../version/distTag.js";
import { NpmPublishError, npmPublish } from "./npmPublish.js";
import { conflict, type PlannedPackage, planPublication, type PublishPlan } from "./publishPlan.js";
import { type PublishedPackage, Registry } from "./registry.js";
import { type RetryPolicy, withRetries } from "./retry.js";

/** How long a registry may take until it shows what it has accepted, in milliseconds. */
const VISIBLE_WITHIN_MS = 10 * 60_000;
/** The pause between two looks, at first and at most, in milliseconds. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 10_000;
const RETRIES: RetryPolicy = { attempts: 4, delayMs: 2_000 };

export interface PublishOptions {
  /** The folder that `stage-all` made. */
  readonly release: string;
  readonly registry: string;
  /** Only says what would be done. */
  readonly isDryRun?: boolean;
  readonly hasProvenance?: boolean;
  /** The dist-tag; by default it follows from the version and what is published. */
  readonly tag?: string | undefined;
  readonly retries?: RetryPolicy;
  readonly visibleWithinMs?: number;
  /** Told of each package as it is done. */
  readonly onProgress?: (message: string) => void;
}

/** What a publication did, or would do. */
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
 * command goes on where it stopped.
 *
 * @throws ReleaseError `PUBLISH_CONFLICT`, `PUBLISH_FAILED` or `INVALID_RELEASE`.
 */
export async function publishRelease(options: PublishOptions): Promise<PublishReport> {
  const { retries = RETRIES, isDryRun = false, onProgress = () => {} } = options;
  const { manifest, version } = readRelease(options.release);
  const tag = options.tag === undefined ? undefined : checkDistTag(options.tag, version);
  const registry = new Registry(options.registry, retries);
  if (!registry.isLoopback) checkIsReal(manifest);
  await checkTarballs(options.release, manifest);

  const published = new Map<string, PublishedPackage>();
  for (const { name } of manifest.packages) published.set(name, await registry.read(name));
  const plan = planPublication(manifest, version, published, tag);
  if (!isDryRun) await carryOut(plan, registry, { ...options, retries, onProgress });
  return {
    version: manifest.version,
    distTag: plan.distTag,
    isDryRun,
    packages: plan.packages.map(({ staged, action }) => ({
      name: staged.name,
      outcome:
        action === "skip" ? "already published" : isDryRun ? "would be published" : "published",
    })),
  };
}

interface CarryOutOptions extends PublishOptions {
  readonly retries: RetryPolicy;
  readonly onProgress: (message: string) => void;
}

async function carryOut(
  plan: PublishPlan,
  registry: Registry,
  options: CarryOutOptions,
): Promise<void> {
  let done = 0;
  const tell = (staged: StagedPackage, what: string): void => {
    done += 1;
    options.onProgress(
      `[${done}/${plan.packages.length}] ${staged.name} ${staged.version}: ${what}`,
    );
  };
  for (const stage of STAGES) {
    const inStage = plan.packages.filter(({ staged }) => staged.stage === stage);
    // One at a time: npm holds a tarball several times in memory while it sends it.
    for (const planned of inStage) {
      if (planned.action === "publish") await publishOne(planned, plan.distTag, registry, options);
      await waitUntilVisible(
        planned.staged,
        registry,
        options.visibleWithinMs ?? VISIBLE_WITHIN_MS,
      );
      tell(
        planned.staged,
        planned.action === "publish" ? `published as ${plan.distTag}` : "already published",
      );
    }
  }
}

async function publishOne(
  { staged }: PlannedPackage,
  distTag: string,
  registry: Registry,
  options: CarryOutOptions,
): Promise<void> {
  const isRetryable = (error: unknown): boolean =>
    error instanceof NpmPublishError && error.isNetworkFailure;
  const tarball = join(options.release, staged.tarball);
  const hasProvenance = options.hasProvenance ?? false;
  await withRetries(options.retries, isRetryable, async (attempt) => {
    if (attempt > 1)
      options.onProgress(`${staged.name}: attempt ${attempt} of ${options.retries.attempts}`);
    try {
      await npmPublish(tarball, { registry, distTag, hasProvenance });
    } catch (error) {
      // The registry may have taken it and only the answer was lost.
      const found = (await registry.read(staged.name)).versions.get(staged.version);
      if (found === undefined) throw error;
      if (found.integrity !== staged.integrity) throw conflict(staged, found.integrity);
    }
  });
}

async function waitUntilVisible(
  staged: StagedPackage,
  registry: Registry,
  withinMs: number,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const found = (await registry.read(staged.name)).versions.get(staged.version);
    if (found !== undefined && found.integrity !== staged.integrity) {
      throw conflict(staged, found.integrity);
    }
    if (found !== undefined && (await registry.hasTarball(found))) return;
    if (Date.now() + pauseMs > deadline) {
      throw new ReleaseError(
        "PUBLISH_FAILED",
        `${staged.name} ${staged.version} was accepted, but the registry does not show it after ${withinMs / 1000} s. Nothing after it was published; run the command again later: it goes on where it stopped.`,
      );
    }
    await delay(pauseMs);
  }
}

/** A rehearsal may leave platforms out and take types of another runtime; a release may not. */
function checkIsReal(manifest: ReleaseManifest): void {
  const names = new Set(manifest.packages.map(({ name }) => name));
  const missing = [
    ...targets.map(({ packageName }) => packageName),
    ...LANE.map(({ name }) => name),
  ].filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `The release lacks ${missing.join(", ")}: such a part of a release can only be published to a registry on this machine. Stage it with --platforms all.`,
    );
  }
  if (manifest.typesVersion !== manifest.version) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `The release ${manifest.version} has the protocol types of ${manifest.typesVersion}: it can only be published to a registry on this machine. Move the lane first: pnpm release bump --codex-version ${manifest.version}.`,
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
