import { expect, test } from "vitest";

import type { StagedPackage } from "../../src/releaseManifest.js";
import { checkSizes } from "../../src/verify/checkSizes.js";

const MB = 1_000_000;

/** Checks a platform package of one program, with a tarball of this size. */
function check(size: number): readonly unknown[] {
  const path = "vendor/triple/bin/codex.exe";
  const file = { path, mode: 0o755, size: 400 * MB, content: Buffer.alloc(0) };
  const staged: StagedPackage = {
    name: "@openai/codex-win32-x64",
    version: "1.2.3",
    stage: "platform",
    folder: "packages/codex-win32-x64",
    tarball: "tarballs/x.tgz",
    fileCount: 1,
    size,
    unpackedSize: file.size,
    integrity: "",
  };
  return checkSizes({ staged, files: new Map([[path, file]]), manifest: {}, strangers: [] });
}

test("a tarball that is too large names its largest parts and the steps that make it smaller", () => {
  expect(check(195.1 * MB)).toEqual([
    {
      package: "@openai/codex-win32-x64",
      severity: "error",
      problem: expect.stringMatching(
        /195\.1 MB packed; the limit is 195 MB\..*codex\.exe 400\.00 MB\. First compress .* voice a package/,
      ),
    },
  ]);
});

test("a tarball near the limit is a warning, and a smaller one is not mentioned", () => {
  expect(check(181 * MB)).toEqual([expect.objectContaining({ severity: "warning" })]);
  expect(check(180 * MB)).toEqual([]);
});
