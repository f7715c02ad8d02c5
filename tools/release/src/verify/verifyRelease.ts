import { tmpdir } from "node:os";
import { join } from "node:path";

import { integrityOf } from "../integrity.js";
import type { OnProgress } from "../progress.js";
import { ReleaseError } from "../releaseError.js";
import { megabytes, readRelease } from "../releaseManifest.js";
import type { Repository } from "../repository.js";
import { inScratchFolder } from "../scratchFolder.js";
import { systemErrorOf } from "../systemError.js";
import { checkContents } from "./checkContents.js";
import { checkEntryPoints } from "./checkEntryPoints.js";
import { checkClosure, checkLane } from "./checkManifests.js";
import { checkPlatformPackage } from "./checkPlatformPackage.js";
import { checkSizes } from "./checkSizes.js";
import { checkTypesCompile } from "./checkTypesCompile.js";
import { checkWithPublint } from "./checkWithPublint.js";
import { errorIn, type Finding } from "./finding.js";
import { type PackedPackage, readPackedPackage } from "./packedPackage.js";
import { unpackLane } from "./unpackLane.js";

export interface VerifyOptions {
  /** The folder that `stage-all` made. */
  readonly release: string;
  /** Its TypeScript compiles the consumer. */
  readonly repository: Repository;
  /** True if every platform must be there. */
  readonly isComplete?: boolean;
  /** Receives a line before each tarball is read, and before the packages are compiled against. */
  readonly onProgress?: OnProgress;
}

/** Beginning of the problem of a tarball that is missing or damaged. */
const UNREADABLE = "cannot be read";

/** Returns everything that is wrong with a staged release, judged by its tarballs alone. */
export async function verifyRelease(options: VerifyOptions): Promise<readonly Finding[]> {
  const findings = await checkTarballs(options);
  // A release of which a tarball is damaged cannot be installed.
  const isReadable = findings.every(({ problem }) => !problem.startsWith(UNREADABLE));
  return isReadable ? [...findings, ...(await checkForConsumers(options))] : findings;
}

/** Returns what is wrong with the tarballs as they are: contents, manifests, versions and pins. */
export async function checkTarballs({
  release,
  isComplete = false,
  onProgress = () => {},
}: Omit<VerifyOptions, "repository">): Promise<readonly Finding[]> {
  const { manifest, version } = readRelease(release);
  const findings: Finding[] = [];
  if (manifest.version !== version.npm || manifest.tag !== version.tag) {
    findings.push(
      errorIn("release", `the tag ${manifest.tag} does not belong to ${manifest.version}`),
    );
  }
  const packages: PackedPackage[] = [];
  const total = manifest.packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const [index, staged] of manifest.packages.entries()) {
    const place = `[${index + 1}/${manifest.packages.length}]`;
    const size = megabytes(staged.size);
    onProgress(`${place} Reading ${staged.name} ${staged.version} (${size})`, { done, total });
    done += staged.size;
    try {
      const integrity = await integrityOf(join(release, staged.tarball));
      if (integrity !== staged.integrity) {
        findings.push(
          errorIn(staged.name, `the tarball is not the one that was staged (${integrity})`),
        );
      }
      packages.push(await readPackedPackage(release, staged));
    } catch (error) {
      const known = error instanceof ReleaseError ? error : systemErrorOf(error);
      if (known === null) throw error;
      findings.push(errorIn(staged.name, `${UNREADABLE}: ${known.message}`));
    }
  }
  findings.push(
    ...checkLane(manifest, packages),
    ...checkClosure(packages, manifest.scope, isComplete),
  );
  for (const each of packages) {
    findings.push(
      ...checkContents(each),
      ...checkSizes(each),
      ...checkPlatformPackage(each),
      ...checkEntryPoints(each),
    );
  }
  return findings;
}

/** Returns what is wrong with the packages where they are installed: for bundlers, Node and TypeScript. */
async function checkForConsumers({
  release,
  repository,
  onProgress = () => {},
}: VerifyOptions): Promise<readonly Finding[]> {
  const { manifest } = readRelease(release);
  onProgress("Checking the packages with publint and TypeScript");
  return inScratchFolder(tmpdir(), "codex-release-verify-", async (project) => {
    const findings: Finding[] = [];
    const folders = await unpackLane(release, manifest.packages, project);
    for (const [{ name }, folder] of folders)
      findings.push(...(await checkWithPublint(name, folder)));
    findings.push(...(await checkTypesCompile(project, repository.root, folders)));
    return findings;
  });
}
