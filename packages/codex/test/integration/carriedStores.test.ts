import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { fileThreadStore } from "../../src/index.js";
import { threadStoreContracts } from "../../src/testing/index.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thread-store-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("fileThreadStore fulfils the contract that", () => {
  const contracts = threadStoreContracts(() => fileThreadStore(folder));

  it.each(contracts)("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it("leaves no lock and no partial file", async () => {
    const files = await readdir(folder, { recursive: true });

    expect(contracts.length).toBeGreaterThanOrEqual(15);
    expect(files.filter((name) => /\.(?:lock|partial)$/u.test(name))).toEqual([]);
  });

  it("a lock of a process of this machine that is gone does not count", async () => {
    const store = fileThreadStore(folder);
    await store.acquireLease("gone", { holder: "killed", ttlMs: 1 });
    const program = `
      const { writeFileSync, readFileSync, readlinkSync } = require("node:fs");
      let namespace = "";
      try { namespace = readlinkSync("/proc/self/ns/pid"); } catch {}
      const owner = [require("node:os").hostname(), namespace, process.pid].join(" ");
      writeFileSync(process.argv[1], owner);
    `;
    execFileSync(process.execPath, ["-e", program, join(folder, "gone", "left.lock")]);

    const outcome = await store.acquireLease("gone", { holder: "next", ttlMs: 60_000 });

    expect(outcome).toMatchObject({ status: "acquired", lease: { token: 2 } });
  });

  it("a lock of a killed process does not last", async () => {
    const store = fileThreadStore(folder);
    await store.acquireLease("killed", { holder: "killed", ttlMs: 1 });
    const left = join(folder, "killed", "left.lock");
    await writeFile(left, "");
    const past = new Date(Date.now() - 60_000);
    await utimes(left, past, past);

    const outcome = await store.acquireLease("killed", { holder: "next", ttlMs: 60_000 });

    expect(outcome).toMatchObject({ status: "acquired", lease: { token: 2 } });
  });
});
