import { megabytes, type Stage } from "../releaseManifest.js";
import { errorIn, type Finding } from "./finding.js";
import type { PackedFile, PackedPackage } from "./packedPackage.js";

const MB = 1_000_000;
/** Bytes of a tarball. npm has refused some of more than 200 MB; it states no limit. */
const LIMITS: Readonly<Record<Stage, { readonly warn: number; readonly fail: number }>> = {
  platform: { warn: 180 * MB, fail: 195 * MB },
  "cli-bin": { warn: 0.1 * MB, fail: 0.2 * MB },
  types: { warn: 1 * MB, fail: 2 * MB },
  sdk: { warn: 0.5 * MB, fail: 1 * MB },
};

/** No tarball is larger than the registry takes, or than its content can explain. */
export function checkSizes({ staged, files }: PackedPackage): readonly Finding[] {
  const findings: Finding[] = [];
  const { warn, fail } = LIMITS[staged.stage];
  const size = `${(staged.size / MB).toFixed(1)} MB packed`;
  if (staged.size > fail) {
    const remedy = `The largest parts, unpacked: ${largestParts([...files.values()])}. First compress with zlib's own deflate, which saves 3 to 4 %; if that is not enough, make voice a package of its own (docs/adr/windows-package-size.md)`;
    findings.push(errorIn(staged.name, `is ${size}; the limit is ${fail / MB} MB. ${remedy}`));
  } else if (staged.size > warn) {
    findings.push({
      package: staged.name,
      problem: `is ${size}; the limit of ${fail / MB} MB is near. The largest parts, unpacked: ${largestParts([...files.values()])}`,
      severity: "warning",
    });
  }
  const unpacked = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  if (files.size !== staged.fileCount || unpacked !== staged.unpackedSize) {
    findings.push(
      errorIn(
        staged.name,
        `holds ${files.size} files with ${unpacked} bytes, but the manifest of the release says ${staged.fileCount} and ${staged.unpackedSize}`,
      ),
    );
  }
  return findings;
}

/** The five largest files, and folders of resources, with their sizes. */
function largestParts(files: readonly PackedFile[]): string {
  const parts = new Map<string, number>();
  for (const { path, size } of files) {
    const part = path.replace(/^(vendor\/[^/]+\/[^/]+\/[^/]+).*$/, "$1");
    parts.set(part, (parts.get(part) ?? 0) + size);
  }
  return [...parts]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, 5)
    .map(([part, size]) => `${part} ${megabytes(size)}`)
    .join(", ");
}
