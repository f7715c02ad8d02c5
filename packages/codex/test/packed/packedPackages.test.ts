import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createPackedProject, type PackedProject } from "../support/packedProject.js";
import { filesBelow } from "../support/sourceFiles.js";

const run = promisify(execFile);

describe("the packed packages", () => {
  let project: PackedProject;
  beforeAll(async () => {
    project = await createPackedProject();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it("pin each other exactly, with no workspace reference, alias or range", () => {
    const sdk = project.manifests.get("codex");
    expect(sdk?.dependencies).toEqual({
      "@openai/codex-cli-bin": sdk?.version,
      "@openai/codex-types": sdk?.version,
      ws: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    for (const manifest of project.manifests.values()) {
      expect(JSON.stringify(manifest)).not.toMatch(/workspace:|npm:/);
    }
  });

  it("hold what their exports name, licence and readme, and neither sources nor tests", async () => {
    for (const [name, manifest] of project.manifests) {
      const folder = join(project.modules, name);
      const files = new Set(filesBelow(folder, () => true).map(({ path }) => path));
      // `filesBelow` leaves out what is built, which is all that a package holds.
      const built = new Set(await readdir(join(folder, "dist"), { recursive: true }));
      const named = Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : Object.values(entry),
      );
      for (const path of named) {
        const plain = path.replace(/^\.\//, "");
        const isThere = files.has(plain) || built.has(plain.replace(/^dist\//, ""));
        expect({ name, path, isThere }).toEqual({ name, path, isThere: true });
      }
      expect([...files]).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
      expect([...files].filter((path) => /^(?:src|test)\//.test(path))).toEqual([]);
    }
  });

  it("work by import and by require, with one identity of each class", async () => {
    const modules = Object.entries(project.manifests.get("codex")?.exports ?? {})
      .filter(([, target]) => typeof target !== "string")
      .map(([path]) => path.replace(/^\./, "@openai/codex"));
    expect(modules).toContain("@openai/codex/client");
    const script = await project.write(
      "smoke.cjs",
      `const required = require("@openai/codex");
       import("@openai/codex").then(async (imported) => {
         if (imported.CodexError !== required.CodexError) throw new Error("two identities");
         for (const specifier of ${JSON.stringify(modules)}) {
           const names = Object.keys(await import(specifier));
           if (JSON.stringify(names) !== JSON.stringify(Object.keys(require(specifier)))) throw new Error(specifier);
         }
         console.log(required.CODEX_VERSION);
       });`,
    );
    const { stdout, stderr } = await run(process.execPath, [script]);
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe(project.manifests.get("codex")?.version);
  });

  it("name what is missing when the platform package is not installed", async () => {
    const script = await project.write(
      "missing.mjs",
      `import { Codex } from "@openai/codex";
       const codex = new Codex();
       codex.start().catch((error) => console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message })));`,
    );
    const { stdout } = await run(process.execPath, [script], {
      env: { PATH: process.env["PATH"] },
    });
    const error = JSON.parse(stdout);
    expect(error).toMatchObject({ name: "CodexStartError", code: "RUNTIME_NOT_FOUND" });
    expect(error.message).toContain(`@openai/codex-${process.platform}-${process.arch}`);
    // A package from a checkout, as the test packs it, does not bring the runtime.
    expect(error.message).toContain("install the runtime, too");
  });

  it("name the package to install when the peer of an entry point is not there", async () => {
    const script = await project.write(
      "peer.mjs",
      `import { PeerMissingError } from "@openai/codex";
       import { instrumentCodex } from "@openai/codex/otel";
       instrumentCodex().catch((error) => console.log(JSON.stringify({
         isPeerMissing: error instanceof PeerMissingError, code: error.code, message: error.message, cause: error.cause.code,
       })));`,
    );
    const { stdout } = await run(process.execPath, [script]);
    expect(JSON.parse(stdout)).toEqual({
      isPeerMissing: true,
      code: "PEER_MISSING",
      message: expect.stringContaining("npm install @opentelemetry/api"),
      cause: "ERR_MODULE_NOT_FOUND",
    });
  });

  it("compile in TypeScript projects that check libraries, under every module resolution", async () => {
    await project.write(
      "consumer.mts",
      `import { Codex, type TurnResult } from "@openai/codex";
       import type { ThreadItem } from "@openai/codex/types";
       import { CodexClient } from "@openai/codex/client";
       import { instrumentCodex } from "@openai/codex/otel";
       import { startHarness } from "@openai/codex/testing";
       export async function main(): Promise<readonly ThreadItem[]> {
         await using codex = new Codex();
         const thread = await codex.startThread({ sandbox: "read-only" });
         const result: TurnResult = await thread.run("hello");
         return result.items;
       }
       export { CodexClient, instrumentCodex, startHarness };`,
    );
    for (const [module, resolution] of [
      ["node16", "node16"],
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      const flags = `--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --lib es2023,esnext.disposable --types node --module ${module} --moduleResolution ${resolution} consumer.mts`;
      await expect(project.tsc(flags.split(" "))).resolves.toBe("");
    }
  });

  it("compile in a project that has neither the types of Node nor those of disposables", async () => {
    await project.write(
      "plain.mts",
      `import { Codex, TransportClosedError } from "@openai/codex";
       import { CodexClient } from "@openai/codex/client";
       import { instrumentCodex } from "@openai/codex/otel";
       import { startHarness } from "@openai/codex/testing";
       export const options = { sandbox: "read-only" } as const;
       export { CodexClient, Codex, instrumentCodex, startHarness, TransportClosedError };`,
    );
    const flags =
      "--noEmit --strict --skipLibCheck false --target es2022 --types --module nodenext plain.mts";
    await expect(project.tsc(flags.split(" "))).resolves.toBe("");
  });
});
