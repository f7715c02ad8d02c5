import { describe, expect, it } from "vitest";

import type { ReleaseManifest } from "../../src/releaseManifest.js";
import { checkClosure, checkLane } from "../../src/verify/checkManifests.js";
import type { PackedPackage } from "../../src/verify/packedPackage.js";

const VERSION = "1.2.3";

/** A package of the release whose manifest has these members. */
function packed(members: Readonly<Record<string, unknown>>): PackedPackage {
  const staged = {
    name: "@openai/codex",
    version: VERSION,
    stage: "sdk",
    folder: "sdk",
    tarball: "sdk.tgz",
    fileCount: 1,
    size: 1,
    unpackedSize: 1,
    integrity: "",
  } as const;
  const manifest = { name: staged.name, version: VERSION, repository: {}, ...members };
  return { staged, files: new Map(), manifest, strangers: [] };
}

function problems(members: Readonly<Record<string, unknown>>): string[] {
  const packages = [packed(members)];
  const release: ReleaseManifest = {
    version: VERSION,
    tag: "latest",
    scope: "@openai",
    typesVersion: VERSION,
    packages: packages.map(({ staged }) => staged),
  };
  const closure = checkClosure(packages, release.scope, false);
  const findings = [...checkLane(release, packages), ...closure];
  return findings.map(({ problem }) => problem).filter((problem) => /peer|depends/.test(problem));
}

describe("the peer of a published package", () => {
  it("may have a range, and need not be in the release, when it is optional", () => {
    expect(
      problems({
        peerDependencies: { peer: "^1.7.0" },
        peerDependenciesMeta: { peer: { optional: true } },
      }),
    ).toEqual([]);
  });

  it("is refused when it is not optional, or has no range", () => {
    expect(
      problems({
        peerDependencies: { one: "^1.0.0", two: "workspace:*" },
        peerDependenciesMeta: { two: { optional: true } },
      }),
    ).toEqual([
      "has the peer one, which is not optional",
      'has the peer two as "workspace:*", which is no range',
    ]);
  });
});
