import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { runOrThrow } from "../../src/runCommand.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Paths in a working tree whose text has CRLF line endings, in the index or on disk. */
async function filesWithCrlf(cwd: string): Promise<readonly string[]> {
  const listing = await runOrThrow(["git", "ls-files", "--eol", "-z"], { cwd });
  return listing
    .split("\0")
    .filter((line) => /^i\/(?:crlf|mixed)|\sw\/(?:crlf|mixed)\s/.test(line))
    .map((line) => line.slice(line.indexOf("\t") + 1));
}

test("a clone made with core.autocrlf=true has LF line endings in every text file", async () => {
  await using folder = await temporaryFolder();
  const clone = ["clone", "--quiet", "--config", "core.autocrlf=true", root, folder.path] as const;
  await runOrThrow(["git", ...clone]);
  expect(await filesWithCrlf(folder.path)).toEqual([]);
});
