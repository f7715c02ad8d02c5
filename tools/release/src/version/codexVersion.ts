import semver from "semver";

import { ReleaseError } from "../releaseError.js";

/** The kinds of prerelease that Codex has, each with its letter in PEP 440. */
const PRERELEASES = { alpha: "a", beta: "b", rc: "rc" } as const;

/** `alpha`, `beta` or `rc`. */
export type PrereleaseLabel = keyof typeof PRERELEASES;

/** One Codex version, in every form that a release needs. */
export interface CodexVersion {
  /** As in a package manifest: `0.116.0-alpha.1`. */
  readonly npm: string;
  /** The tag of the release in the Codex repository: `rust-v0.116.0-alpha.1`. */
  readonly tag: string;
  /** As on PyPI: `0.116.0a1`. */
  readonly pep440: string;
  /** Kind of prerelease; null for a stable release. */
  readonly prerelease: PrereleaseLabel | null;
}

// A number has no leading zero: `01` would be another spelling of the same version.
const NUMBER = "(0|[1-9][0-9]*)";
const CORE = `${NUMBER}\\.${NUMBER}\\.${NUMBER}`;
const PATTERNS = [
  // What npm and the release tags say; a hotfix of an alpha has one more number.
  new RegExp(
    `^(?:rust-v|v)?${CORE}(?:-(alpha)\\.${NUMBER}(?:\\.${NUMBER})?|-(beta|rc)\\.${NUMBER})?$`,
  ),
  // The same without the dot, as people write it.
  new RegExp(`^${CORE}-(alpha|beta|rc)${NUMBER}$`),
  // PEP 440.
  new RegExp(`^${CORE}(?:(a)${NUMBER}(?:\\.post${NUMBER})?|(b|rc)${NUMBER})$`),
] as const;

const ACCEPTED = [
  "0.116.0, v0.116.0 or rust-v0.116.0",
  "0.116.0-alpha.1, v0.116.0-alpha.1 or rust-v0.116.0-alpha.1 (likewise -beta.N and -rc.N)",
  "0.116.0-alpha1 or 0.116.0a1 (likewise -betaN, bN, -rcN and rcN)",
  "for a hotfix of an alpha 0.116.0-alpha.1.2 or 0.116.0a1.post2",
].join("; ");

/**
 * Reads a Codex version in any of its accepted forms.
 *
 * @throws ReleaseError `INVALID_VERSION` for anything else, with the value and the accepted forms.
 */
export function parseCodexVersion(input: string): CodexVersion {
  const version = tryParseCodexVersion(input);
  if (version === null) {
    throw new ReleaseError(
      "INVALID_VERSION",
      `${JSON.stringify(input)} is not a Codex version. Accepted: ${ACCEPTED}.`,
    );
  }
  return version;
}

/** Like {@link parseCodexVersion}, but null for what is not a Codex version. */
export function tryParseCodexVersion(input: string): CodexVersion | null {
  const parts = matchForm(input);
  if (parts === null) return null;
  const [major, minor, patch, ...rest] = parts;
  const core = `${major}.${minor}.${patch}`;
  const label = rest.map(toLabel).find((candidate) => candidate !== null) ?? null;
  const numbers = rest.filter((part) => toLabel(part) === null);
  // Beyond this, numbers that differ would compare equal.
  if (![major, minor, patch, ...numbers].every((part) => Number.isSafeInteger(Number(part)))) {
    return null;
  }
  if (label === null) return { npm: core, tag: `rust-v${core}`, pep440: core, prerelease: null };
  const npm = `${core}-${[label, ...numbers].join(".")}`;
  const pep440 = `${core}${PRERELEASES[label]}${numbers.join(".post")}`;
  return { npm, tag: `rust-v${npm}`, pep440, prerelease: label };
}

/** Orders versions as npm does: negative if `left` comes first. */
export function compareCodexVersions(left: CodexVersion, right: CodexVersion): number {
  return semver.compare(left.npm, right.npm);
}

function matchForm(input: string): readonly string[] | null {
  for (const pattern of PATTERNS) {
    const match = pattern.exec(input);
    if (match !== null) return match.slice(1).filter((part) => part !== undefined);
  }
  return null;
}

function toLabel(part: string): PrereleaseLabel | null {
  switch (part) {
    case "a":
    case "alpha":
      return "alpha";
    case "b":
    case "beta":
      return "beta";
    case "rc":
      return "rc";
    default:
      return null;
  }
}
