import { join } from "node:path";

import ts from "@typescript/typescript6";
import { expect, it } from "vitest";

import { sdkSources } from "../support/sourceFiles.js";

// The rule: an editor describes each option of each method, also one that comes from the protocol's types.

/** Discriminators of unions: the variant's own comment has the meaning. */
const DISCRIMINATORS = ["type"];

it("each option of each exported options type has a description", () => {
  const entry = join(sdkSources, "index.ts");
  const program = ts.createProgram([entry], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  const types = module === undefined ? [] : checker.getExportsOfModule(module);
  const options = types
    .filter(({ name }) => name.endsWith("Options"))
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    )
    .flatMap((symbol) =>
      checker
        .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
        .map((option) => ({ name: `${symbol.name}.${option.name}`, option })),
    );
  const undescribed = options
    .filter(({ option }) => !DISCRIMINATORS.includes(option.name))
    // What is deprecated has its explanation there.
    .filter(({ option }) => option.getJsDocTags(checker).length === 0)
    .filter(({ option }) => option.getDocumentationComment(checker).length === 0)
    .map(({ name }) => name);

  expect(undescribed).toEqual([]);
  expect(options.length).toBeGreaterThan(200);
});
