import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { repoRoot } from "../support/sourceFiles.js";

function manifestOf(path: string): { readonly scripts: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(repoRoot, path, "package.json"), "utf8"));
}

function bin(name: string, args: readonly string[], cwd = repoRoot) {
  // Run by this Node: what stands in `.bin` cannot be started without a shell on Windows.
  const script = join(repoRoot, "node_modules", name, "bin", name);
  return spawnSync(process.execPath, [script, ...args], { cwd, encoding: "utf8" });
}

describe("the format and lint recipe", () => {
  // Inside of the repository, so that its configuration is found; not below a git-ignored folder.
  let folder: string;
  beforeEach(() => {
    mkdirSync(join(repoRoot, "packages/codex/test/architecture"), { recursive: true });
    folder = mkdtempSync(join(repoRoot, "packages/codex/test/architecture/.scratch-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("fixes what is safe, then formats; and fails a check on either kind of drift", () => {
    expect(manifestOf(".").scripts["fmt"]).toBe("oxlint --fix && oxfmt");
    expect(manifestOf(".").scripts["check"]).toMatch(/oxlint && oxfmt --check/);
  });

  it("works from every package of the workspace", () => {
    const inFolder = (parent: string) =>
      readdirSync(join(repoRoot, parent)).map((name) => `${parent}/${name}`);
    const manifests = ["examples", ...inFolder("packages"), ...inFolder("tools")].filter((path) =>
      existsSync(join(repoRoot, path, "package.json")),
    );
    expect(manifests.length).toBeGreaterThan(6);
    for (const path of manifests) {
      expect({ path, fmt: manifestOf(path).scripts["fmt"] }).toEqual({
        path,
        fmt: "pnpm -w run fmt",
      });
    }
  });

  it("finds unformatted code, and formats it", () => {
    const file = join(folder, "drift.ts");
    writeFileSync(file, "export   const a = {b:1}\n");
    expect(bin("oxfmt", ["--check", file]).status).not.toBe(0);
    expect(bin("oxfmt", [file]).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("export const a = { b: 1 };\n");
    expect(bin("oxfmt", ["--check", file]).status).toBe(0);
  });

  it("finds a lint error, and fixes a safe one", () => {
    const file = join(folder, "lint.ts");
    writeFileSync(file, 'import { Buffer } from "node:buffer";\nexport type B = Buffer;\n');
    expect(bin("oxlint", [file]).status).not.toBe(0);
    expect(bin("oxlint", ["--fix", file]).status).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("import type { Buffer }");
    writeFileSync(file, "export const value: any = 1;\n");
    expect(bin("oxlint", ["--fix", file]).status).not.toBe(0);
  });

  it("leaves generated code alone", () => {
    const generated = join(folder, "generated");
    mkdirSync(generated);
    const file = join(generated, "drift.ts");
    const text = "export   const a: any = {b:1}\n";
    writeFileSync(file, text);
    bin("oxlint", ["--fix", folder]);
    bin("oxfmt", [folder]);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("is what the editor does on save", () => {
    const settings = JSON.parse(readFileSync(join(repoRoot, ".vscode/settings.json"), "utf8"));
    const { recommendations } = JSON.parse(
      readFileSync(join(repoRoot, ".vscode/extensions.json"), "utf8"),
    );
    expect(recommendations).toContain(settings["editor.defaultFormatter"]);
    expect(settings["editor.formatOnSave"]).toBe(true);
    expect(Object.keys(settings["editor.codeActionsOnSave"])).toEqual([
      "source.fixAll.oxc",
      "source.organizeImports",
    ]);
  });
});
