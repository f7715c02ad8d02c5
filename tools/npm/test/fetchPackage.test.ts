import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fetchPackage } from "../src/fetchPackage.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-npm-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("fetchPackage", () => {
  it("leaves only the package's files in the folder", async () => {
    const source = join(folder, "source");
    await mkdir(source);
    await writeFile(join(source, "package.json"), '{"name":"tiny","version":"1.0.0"}');
    await writeFile(join(source, "index.js"), "export {};\n");

    // npm also packs a folder, which does not need a registry.
    const unpacked = await fetchPackage(source, join(folder, "fetched"));

    expect(await readdir(join(folder, "fetched"))).toEqual(["package"]);
    expect(await readdir(unpacked)).toEqual(["index.js", "package.json"]);
    expect(await readFile(join(unpacked, "index.js"), "utf8")).toBe("export {};\n");
  });

  it("rejects with npm's output when the package does not exist", async () => {
    const missing = join(folder, "missing");

    await expect(fetchPackage(missing, join(folder, "fetched"))).rejects.toThrow(
      /^npm pack .*missing .* ended with \d+:\n.*ENOENT/s,
    );
  });
});
