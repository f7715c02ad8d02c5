import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fetchPackage } from "../src/npmFetch.js";
import { npmCommand } from "../src/run.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "npm-fetch-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("fetchPackage", () => {
  it("leaves the package's files, and nothing else of it", async () => {
    const source = join(folder, "source");
    await mkdir(source);
    await writeFile(join(source, "package.json"), '{"name":"tiny","version":"1.0.0"}');
    await writeFile(join(source, "index.js"), "export {};\n");

    // npm takes a folder for a package as well, which needs no registry.
    const unpacked = await fetchPackage(source, join(folder, "fetched"));

    expect(await readdir(join(folder, "fetched"))).toEqual(["package"]);
    expect(await readdir(unpacked)).toEqual(["index.js", "package.json"]);
    expect(await readFile(join(unpacked, "index.js"), "utf8")).toBe("export {};\n");
  });

  it("fails with what npm says", async () => {
    const missing = join(folder, "missing");

    await expect(fetchPackage(missing, join(folder, "fetched"))).rejects.toThrow(
      /^npm pack .*missing .* ended with \d+:\n.*ENOENT/s,
    );
  });
});

describe("npmCommand", () => {
  it("is npm, but on Windows the script of the npm on the PATH, run by this Node", async () => {
    const script = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    await mkdir(join(script, ".."), { recursive: true });
    await writeFile(script, "");

    expect(npmCommand("linux", "")).toEqual(["npm"]);
    expect(npmCommand("win32", ["nowhere", folder].join(delimiter))).toEqual([
      process.execPath,
      script,
    ]);
    expect(() => npmCommand("win32", "nowhere")).toThrow("There is no npm on the PATH.");
  });
});
