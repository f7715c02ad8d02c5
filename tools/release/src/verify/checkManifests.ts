import semver from "semver";

import { isRecord, stringMap } from "../json.js";
import type { ReleaseManifest } from "../releaseManifest.js";
import { LANE } from "../repository.js";
import { inScope, OWN_NAMES } from "../scope.js";
import { errorIn, type Finding } from "./finding.js";
import type { PackedPackage } from "./packedPackage.js";

const DEVELOPMENT_FIELDS = [
  "devDependencies",
  "packageManager",
  "pnpm",
  "private",
  "scripts",
  "workspaces",
];

/** Packages of others that ours depend on; they are on the registry already. */
export const THIRD_PARTY: readonly string[] = ["ws"];

/** Checks that every package has the version of the release, and pins the others to exactly that. */
export function checkLane(
  release: ReleaseManifest,
  packages: readonly PackedPackage[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const ourNames = new Set(OWN_NAMES.map((name) => inScope(name, release.scope)));
  for (const { staged, manifest } of packages) {
    const say = (problem: string): void => void findings.push(errorIn(staged.name, problem));
    if (manifest["name"] !== staged.name) say(`the manifest names it ${String(manifest["name"])}`);
    if (manifest["version"] !== release.version || staged.version !== release.version) {
      say(`has version ${String(manifest["version"])}, but the release is ${release.version}`);
    }
    for (const field of DEVELOPMENT_FIELDS) {
      if (field in manifest) say(`the manifest has the development field "${field}"`);
    }
    const { registry } = stringMap(manifest["publishConfig"]);
    if (registry !== undefined) say(`publishConfig sends it to the registry ${registry}`);
    if (!("repository" in manifest))
      say("the manifest names no repository, which provenance needs");
    for (const [name, range] of Object.entries(stringMap(manifest["peerDependencies"]))) {
      if (semver.validRange(range) === null)
        say(`has the peer ${name} as ${JSON.stringify(range)}, which is no range`);
      if (!isOptionalPeer(manifest, name)) say(`has the peer ${name}, which is not optional`);
    }
    for (const [name, range] of dependenciesOf(manifest)) {
      if (semver.valid(range) !== range)
        say(`pins ${name} as ${JSON.stringify(range)}, which is no exact version`);
      if (ourNames.has(name) && range !== release.version) {
        say(`pins ${name} to ${range}, but the release is ${release.version}`);
      }
    }
  }
  if (release.typesVersion !== release.version) {
    findings.push({
      package: inScope("@openai/codex-types", release.scope),
      problem: `the protocol types are of the runtime ${release.typesVersion}: good for a rehearsal only`,
      severity: "warning",
    });
  }
  return findings;
}

/** Whoever installs a package of the release finds all that it depends on in the release. */
export function checkClosure(
  packages: readonly PackedPackage[],
  scope: string,
  isComplete: boolean,
): readonly Finding[] {
  const findings: Finding[] = [];
  const present = new Set(packages.map(({ staged }) => staged.name));
  for (const { staged, manifest } of packages) {
    for (const [name] of dependenciesOf(manifest)) {
      if (!present.has(name) && !THIRD_PARTY.includes(name))
        findings.push(errorIn(staged.name, `depends on ${name}, which the release lacks`));
    }
  }
  // The lookup finds the runtime from its own folder, other programs find it from the SDK's.
  for (const { stage, name } of LANE.filter((each) => each.stage !== "types")) {
    const owner = packages.find(({ staged }) => staged.stage === stage);
    const pinned = stringMap(owner?.manifest["optionalDependencies"]);
    for (const { staged } of packages) {
      if (staged.stage === "platform" && !(staged.name in pinned)) {
        findings.push(
          errorIn(
            inScope(name, scope),
            `does not pin ${staged.name}, so it cannot be found from there`,
          ),
        );
      }
    }
  }
  const needed = (isComplete ? OWN_NAMES : LANE.map(({ name }) => name)).map((name) =>
    inScope(name, scope),
  );
  for (const name of needed) {
    if (!present.has(name)) findings.push(errorIn(name, "the release lacks it"));
  }
  return findings;
}

function dependenciesOf(manifest: Readonly<Record<string, unknown>>): readonly [string, string][] {
  return ["dependencies", "optionalDependencies"].flatMap((field) =>
    Object.entries(stringMap(manifest[field])),
  );
}

/** A program that does not use the entry point must not have to install its peer. */
function isOptionalPeer(manifest: Readonly<Record<string, unknown>>, name: string): boolean {
  const meta = manifest["peerDependenciesMeta"];
  const facts = isRecord(meta) ? meta[name] : undefined;
  return isRecord(facts) && facts["optional"] === true;
}
