import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import * as codex from "../../src/index.js";
import { filesBelow, repoRoot, sdkSources } from "../support/sourceFiles.js";

const sources = filesBelow(sdkSources, (path) => path.endsWith(".ts"));
const errorsSource = sources.find(({ path }) => path === "errors/codexError.ts")?.text ?? "";
const union = /export type CodexErrorCode =([^;]+);/.exec(errorsSource)?.[1] ?? "";
const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map((match) => match[1] ?? "");
const rows = readFileSync(join(repoRoot, "docs/errors.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, code, className] = /^\| `([A-Z_]+)`\s*\| `(\w+)`\s*\|/.exec(line) ?? [];
    return code === undefined || className === undefined ? [] : [{ code, className }];
  });

describe("the error codes", () => {
  it("are all explained in docs/errors.md, and no others", () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(rows.map(({ code }) => code)).toEqual(codes);
  });

  it("are all used by some code besides their declaration", () => {
    const used = (code: string): boolean =>
      sources.some(({ text }) =>
        text.replace(/export type \w+ErrorCode =[^;]+;/g, "").includes(`"${code}"`),
      );
    expect(codes.filter((code) => !used(code))).toEqual([]);
  });

  it("belong to classes that the root exports, each a CodexError", () => {
    const surface: Readonly<Record<string, unknown>> = { ...codex };
    for (const { className } of rows) {
      const exported = surface[className];
      expect({ className, isClass: typeof exported }).toEqual({ className, isClass: "function" });
      expect(Object.prototype.isPrototypeOf.call(codex.CodexError, exported as object)).toBe(true);
    }
  });

  it("are the only errors that the sources throw", () => {
    const plain = sources.filter(({ text }) =>
      /\bthrow new (?:Type|Range|Syntax)?Error\(/.test(text),
    );
    expect(plain.map(({ path }) => path)).toEqual([]);
  });
});
