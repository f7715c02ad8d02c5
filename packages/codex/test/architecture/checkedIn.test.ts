import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { repoRoot } from "../support/sourceFiles.js";

/** First bytes of an executable of each system: ELF, Mach-O (both byte orders, universal), PE. */
const MAGIC = ["7f454c46", "cffaedfe", "cefaedfe", "feedfacf", "feedface", "cafebabe", "4d5a"];
const MAX_BYTES = 1024 * 1024;

function beginningOf(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(4);
    readSync(file, bytes);
    return bytes.toString("hex");
  } finally {
    closeSync(file);
  }
}

describe("what is checked in", () => {
  it("holds no executable, and nothing of a binary's size", () => {
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: repoRoot, encoding: "utf8" })
      .split("\0")
      .map((path) => join(repoRoot, path))
      .filter((path) => existsSync(path) && statSync(path).isFile());
    expect(tracked.length).toBeGreaterThan(200);
    const binaries = tracked.filter(
      (path) =>
        statSync(path).size > MAX_BYTES ||
        MAGIC.some((magic) => beginningOf(path).startsWith(magic)),
    );
    expect(binaries).toEqual([]);
  });

  it("names the source of the runtime in the examples", () => {
    const readme = readFileSync(join(repoRoot, "examples/README.md"), "utf8");
    expect(readme).toMatch(/optionalDependencies/);
  });
});
