import { existsSync } from "node:fs";
import { join } from "node:path";

import { isRecord, readJsonObject } from "./json.js";
import { ReleaseError } from "./releaseError.js";
import { type CodexVersion, parseCodexVersion } from "./version/codexVersion.js";

/** The stages of a release, in the order in which they are published. */
export const STAGES = ["platform", "cli-bin", "types", "sdk"] as const;

/** A stage of a release: what it holds can be installed once the stages before are published. */
export type Stage = (typeof STAGES)[number];

/** One package of a staged release. */
export interface StagedPackage {
  readonly name: string;
  readonly version: string;
  readonly stage: Stage;
  /** The staged folder, relative to the release, with forward slashes. */
  readonly folder: string;
  /** The tarball, relative to the release, with forward slashes. */
  readonly tarball: string;
  readonly fileCount: number;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of all files in it. */
  readonly unpackedSize: number;
  /** SHA-512 of the tarball, as in npm's integrity fields. */
  readonly integrity: string;
}

/** Description of a release that `stage-all` writes beside the packages. */
export interface ReleaseManifest {
  readonly version: string;
  readonly tag: string;
  /** npm scope of the packages, `@openai` unless another was asked for. */
  readonly scope: string;
  /** The runtime that the protocol types were generated from; the version itself in a real release. */
  readonly typesVersion: string;
  readonly packages: readonly StagedPackage[];
}

/** The packages in the order in which they are published; within a stage by name. */
export function inPublishOrder(packages: readonly StagedPackage[]): readonly StagedPackage[] {
  return packages.toSorted(
    (left, right) =>
      STAGES.indexOf(left.stage) - STAGES.indexOf(right.stage) ||
      left.name.localeCompare(right.name, "en"),
  );
}

/** Formats a size in bytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

/** Name of the manifest in a staged release. */
export const MANIFEST_FILE = "release.json";

/**
 * Reads the manifest of the staged release in `folder`.
 *
 * @throws ReleaseError `INVALID_RELEASE`.
 */
export function readRelease(folder: string): { manifest: ReleaseManifest; version: CodexVersion } {
  const file = join(folder, MANIFEST_FILE);
  if (!existsSync(file)) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `${folder} holds no ${MANIFEST_FILE}. Stage a release there first: pnpm release stage-all ${folder} --codex-version V.`,
    );
  }
  const { version, tag, scope, typesVersion, packages } = readJsonObject(file);
  if (
    typeof version !== "string" ||
    typeof tag !== "string" ||
    typeof scope !== "string" ||
    typeof typesVersion !== "string" ||
    !Array.isArray(packages)
  ) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `${file} is not a manifest of a release. Stage the release again.`,
    );
  }
  const manifest = {
    version,
    tag,
    scope,
    typesVersion,
    packages: packages.map((each) => toPackage(each, file)),
  };
  return { manifest, version: parseCodexVersion(version) };
}

function toPackage(value: unknown, file: string): StagedPackage {
  const fields = isRecord(value) ? value : {};
  const text = (key: string): string => {
    const field = fields[key];
    if (typeof field === "string") return field;
    throw new ReleaseError(
      "INVALID_RELEASE",
      `${file} has a package without ${key}. Stage the release again.`,
    );
  };
  const number = (key: string): number => {
    const field = fields[key];
    if (typeof field === "number") return field;
    throw new ReleaseError(
      "INVALID_RELEASE",
      `${file} has a package without ${key}. Stage the release again.`,
    );
  };
  const stage = STAGES.find((candidate) => candidate === fields["stage"]);
  if (stage === undefined) {
    throw new ReleaseError(
      "INVALID_RELEASE",
      `${file} has a package of the unknown stage ${String(fields["stage"])}.`,
    );
  }
  return {
    name: text("name"),
    version: text("version"),
    stage,
    folder: text("folder"),
    tarball: text("tarball"),
    fileCount: number("fileCount"),
    size: number("size"),
    unpackedSize: number("unpackedSize"),
    integrity: text("integrity"),
  };
}
