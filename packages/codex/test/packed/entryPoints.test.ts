import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { parseSync } from "oxc-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { entrySources } from "../architecture/surfaceLines.js";
import { createPackedProject, type PackedProject } from "../support/packedProject.js";
import { exportsOf } from "../support/publicDeclarations.js";

const run = promisify(execFile);
/** Half of this is code, which is read at import; the rest is declarations. It grows with the API, not by accident. */
const MAX_UNPACKED_BYTES = 520_000;

const sources = [...entrySources()].map(([entry, source]) => ({
  specifier: entry.replace(/^\./, "@openai/codex"),
  source,
}));

/** The names that a bundled declaration file exports. */
function exportedNames(path: string, text: string): string[] {
  return parseSync(path, text).program.body.flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration") throw new Error(`${path} exports all of a file`);
    if (statement.type !== "ExportNamedDeclaration") return [];
    return statement.specifiers.map(({ exported }) =>
      exported.type === "Literal" ? exported.value : exported.name,
    );
  });
}

describe("the entry points of the packed SDK", () => {
  let project: PackedProject;
  let sdk: string;
  beforeAll(async () => {
    project = await createPackedProject();
    sdk = join(project.modules, "codex");
  });
  afterAll(() => project[Symbol.asyncDispose]());

  async function runModule(code: string): Promise<unknown> {
    const script = await project.write("program.mjs", code);
    const { stdout, stderr } = await run(process.execPath, [script]);
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  async function filesOf(extension: string): Promise<{ path: string; text: string }[]> {
    const all = await readdir(join(sdk, "dist"), { recursive: true });
    const paths = all.filter((path) => path.endsWith(extension));
    return Promise.all(
      paths.map(async (path) => ({ path, text: await readFile(join(sdk, "dist", path), "utf8") })),
    );
  }

  async function expectErrors(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `// @ts-expect-error\n${line}\n`).join("");
    const header = `import * as sdk from "@openai/codex";\nconst codex = new sdk.Codex();\n`;
    await project.write("hidden.mts", `${header}${text}`);
    const flags = "--noEmit --strict --target es2022 --types node --module nodenext hidden.mts";
    await expect(project.tsc(flags.split(" "))).resolves.toBe("");
  }

  it("export the same class where they export one of the same name, and throw errors of those classes", async () => {
    const found = await runModule(
      `const specifiers = ${JSON.stringify(sources.map(({ specifier }) => specifier))};
       const modules = await Promise.all(specifiers.map((specifier) => import(specifier)));
       const values = new Map();
       const twice = [];
       for (const module of modules)
         for (const [name, value] of Object.entries(module)) {
           if (values.has(name) && values.get(name) !== value) twice.push(name);
           values.set(name, value);
         }
       const isClass = (value) => typeof value === "function" && /^class\\b/.test(String(value));
       const classes = [...values].filter(([, value]) => isClass(value));
       const misnamed = classes.filter(([name, value]) => value.name !== name).map(([name]) => name);
       const harness = await values.get("startHarness")();
       const errors = [];
       const missing = await new (values.get("Codex"))({ codexPath: "missing" }).start().catch((error) => error);
       try {
         try { harness.model.enqueue(42); } catch (error) { errors.push(error); }
         try { await harness.codex.startThread(42); } catch (error) { errors.push(error); }
       } finally {
         await harness.close();
       }
       console.log(JSON.stringify({
         twice, misnamed, classes: classes.length,
         isCodex: harness.codex instanceof values.get("Codex"),
         isStartError: missing instanceof values.get("CodexStartError"),
         isModel: harness.model instanceof values.get("ScriptedModel"),
         areErrors: errors.map((error) => error instanceof values.get("InvalidOptionError") && error instanceof values.get("CodexError")),
       }));`,
    );
    expect(found).toEqual({
      twice: [],
      misnamed: [],
      classes: expect.any(Number),
      isCodex: true,
      isStartError: true,
      isModel: true,
      areErrors: [true, true],
    });
    expect(found).toHaveProperty(
      "classes",
      expect.toSatisfy((count) => count > 25),
    );
  });

  it("have one type for each class, private members included", async () => {
    await project.write(
      "identity.mts",
      `import { Codex, CodexError, InvalidOptionError } from "@openai/codex";
       import { type Harness, ScriptedModel } from "@openai/codex/testing";
       declare const harness: Harness;
       declare const error: InvalidOptionError;
       export const codex: Codex = harness.codex;
       export const model: ScriptedModel = harness.model;
       export const base: CodexError = error;`,
    );
    const flags = "--noEmit --strict --target es2022 --types node --module nodenext identity.mts";
    await expect(project.tsc(flags.split(" "))).resolves.toBe("");
  });

  it("load one small module of Node, no other package and no file that starts a runtime when they are imported", async () => {
    await project.write("empty.mjs", "");
    const loaded = await runModule(
      `await import("./empty.mjs");
       const before = new Set(process.moduleLoadList);
       await import("@openai/codex");
       console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))));`,
    );
    // The channels on which the SDK publishes exist from the import on: subscribers may come first.
    expect(loaded).toEqual(["NativeModule diagnostics_channel"]);

    const reached = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      reached.add(path);
      const { program } = parseSync(path, await readFile(path, "utf8"));
      for (const statement of program.body) {
        if (!("source" in statement) || statement.source === null) continue;
        const { value } = statement.source;
        const target = value.startsWith(".") ? join(path, "..", value) : value;
        if (reached.has(target)) continue;
        if (!target.endsWith(".js") || !value.startsWith(".")) reached.add(target);
        // oxlint-disable-next-line no-await-in-loop
        else await visit(target);
      }
    };
    await visit(join(sdk, "dist/index.js"));
    // Node has these loaded before the first module of a program.
    const free = /^node:(?:path|process|timers)$/;
    const names = [...reached].filter((name) => !free.test(name));
    expect(names.map((name) => name.replace(`${sdk}/`, "")).toSorted()).toEqual([
      "dist/index.js",
      "dist/shared.js",
      "package.json",
    ]);
  });

  it("export from their declarations the names of the sources, and nothing else", async () => {
    for (const { source } of sources) {
      const path = join(sdk, "dist", source.replace(/\.ts$/, ".d.ts"));
      // oxlint-disable-next-line no-await-in-loop
      const names = exportedNames(path, await readFile(path, "utf8"));
      expect({ source, names: names.toSorted() }).toEqual({
        source,
        names: exportsOf(source)
          .map(({ name }) => name)
          .toSorted(),
      });
    }
  });

  it("have declarations without internal members, and JavaScript without doc comments", async () => {
    const declarations = await filesOf(".d.ts");
    expect(declarations.length).toBeGreaterThan(4);
    const internal = declarations.filter(({ text }) => text.includes("@internal"));
    expect(internal.map(({ path }) => path)).toEqual([]);
    expect(declarations.map(({ text }) => text).join("")).toContain("/** ");
    const modules = await filesOf(".js");
    const comments = modules.flatMap(({ path, text }) => parseSync(path, text).comments);
    // The bundler names the source of what follows, which helps who reads a stack trace.
    expect(comments.filter(({ value }) => !/^ src\/[\w/]+\.ts$/.test(value))).toEqual([]);
  });

  it("hide what is internal from a program's types", async () => {
    await expectErrors([
      "codex.client.router;",
      "codex.client.serverRequests;",
      "codex.client.dispatch;",
      'import("@openai/codex/dist/shared.js");',
      'import("@openai/codex/src/api/thread.js");',
    ]);
    await expect(expectErrors(["codex.client.request;"])).rejects.toThrow(/TS2578/);
  });

  it("have JavaScript of short lines, as Node prints the line of an error that nobody catches", async () => {
    const files = (await readdir(join(sdk, "dist"), { recursive: true })).filter((name) =>
      name.endsWith(".js"),
    );
    const texts = await Promise.all(files.map((name) => readFile(join(sdk, "dist", name), "utf8")));
    const lengths = texts.flatMap((text) => text.split("\n").map((line) => line.length));
    expect(lengths.length).toBeGreaterThan(1000);
    expect(Math.max(...lengths)).toBeLessThan(4000);
  });

  it(`are at most ${MAX_UNPACKED_BYTES / 1000} kB, unpacked`, async () => {
    const entries = await readdir(sdk, { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(100_000);
    expect(total).toBeLessThanOrEqual(MAX_UNPACKED_BYTES);
  });
});
