import { expect, test } from "vitest";

import { PackagePaths } from "../../src/packagePaths.js";

test.each([
  ["/etc/passwd", "the absolute path"],
  ["\\\\server\\share", "the absolute path"],
  ["c:name", "the absolute path"],
  ["a/../../b", "leads out of the folder"],
  ["a\\b", "several folders on Windows"],
  ["a/b\nc", "Windows does not allow"],
  ["a/LPT1.txt", "Windows does not allow"],
  ["nul", "Windows does not allow"],
  ["a./b", "Windows does not allow"],
  ["a /b", "Windows does not allow"],
  ["a. ", "Windows does not allow"],
  ["a/...", "Windows does not allow"],
  ["a/b?", "Windows does not allow"],
])("%j cannot be the path of a file of a package", (path, reason) => {
  expect(new PackagePaths().add(path, true)).toContain(reason);
});

test.each([
  "./a",
  "a/.hidden",
  "lib/libintl.so.8",
  "console",
  "@scope/package.json",
  "a b/ü",
  "a+b",
])("%j can be the path of a file of a package", (path) => {
  expect(new PackagePaths().add(path, true)).toBeNull();
});

test("paths that are one on a file system which ignores letter case or Unicode forms collide", () => {
  const paths = new PackagePaths();
  expect(paths.add("bin/é", true)).toBeNull();
  expect(paths.add("bin", false)).toBeNull();
  expect(paths.add("bin/e\u0301", true)).toContain("one place on macOS and Windows");
  expect(paths.add("BIN/other", true)).toContain('"BIN/other" beside "bin/é"');
  expect(paths.add("bin/é/below", true)).toContain('"bin/é/below" beside "bin/é"');
  expect(paths.add("bin/é", true)).toContain('"bin/é" beside "bin/é"');
});
