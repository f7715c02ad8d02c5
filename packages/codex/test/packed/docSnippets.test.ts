import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type CodeBlock, codeBlocksOf, isUserDoc, moduleNameOf } from "../support/codeBlocks.js";
import { linkDocLibraries } from "../support/docLibraries.js";
import { createPackedProject, type PackedProject } from "../support/packedProject.js";
import { filesBelow, repoRoot } from "../support/sourceFiles.js";

const blocks = filesBelow(repoRoot, isUserDoc).flatMap(codeBlocksOf);

describe("the code blocks of the documentation", () => {
  let project: PackedProject;
  beforeAll(async () => {
    project = await createPackedProject();
    await linkDocLibraries(project);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it("are marked ts or js, and are found in every document for users", () => {
    expect(
      blocks.filter(({ language }) => /^(?:typescript|javascript|mts|tsx)$/.test(language)),
    ).toEqual([]);
    const documents = new Set(
      blocks.filter(({ language }) => /^[tj]s$/.test(language)).map(({ path }) => path),
    );
    expect([...documents]).toEqual(
      expect.arrayContaining([
        "README.md",
        "docs/faq.md",
        "docs/getting-started.md",
        "docs/testing.md",
        "packages/codex-types/README.md",
        "packages/codex/README.md",
      ]),
    );
  });

  it("compile, each on its own, against the packed packages with their libraries checked", async () => {
    const modules = blocks.filter(({ language }) => /^[tj]s$/.test(language));
    for (const block of modules) await project.write(moduleNameOf(block), block.code);
    expect(modules.length).toBeGreaterThan(25);
    // Readers paste the programs into TypeScript, too.
    const pasted = modules.filter(
      ({ language, code }) => language === "js" && !/\brequire\(|@param/.test(code),
    );
    const asTypeScript = (block: CodeBlock): string =>
      `pasted-${moduleNameOf({ ...block, language: "ts" })}`;
    for (const block of pasted) await project.write(asTypeScript(block), block.code);
    const flags =
      "--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --allowJs --checkJs --target es2022 --lib es2023,esnext.disposable --types node --module nodenext --moduleDetection force";
    // The declarations of Hono's server need those of a browser.
    const isServer = ({ code }: CodeBlock): boolean => code.includes('"@hono/node-server"');
    for (const [chosen, skipLibCheck] of [
      [modules.filter((block) => !isServer(block)), "false"],
      [modules.filter(isServer), "true"],
    ] as const) {
      const names = [
        ...chosen.map(moduleNameOf),
        ...chosen.filter((block) => pasted.includes(block)).map(asTypeScript),
      ];
      const compiled = project.tsc([...flags.split(" "), "--skipLibCheck", skipLibCheck, ...names]);
      await expect(compiled).resolves.toBe("");
    }
  });

  it("are refused when one uses an option that does not exist", async () => {
    const wrong = `import { Codex } from "@openai/codex";\nawait new Codex().startThread({ approvalPolicy: "never" });\n`;
    await project.write("wrong.mts", wrong);
    const flags = "--noEmit --strict --target es2022 --types node --module nodenext wrong.mts";
    await expect(project.tsc(flags.split(" "))).rejects.toThrow(/'approvalPolicy' does not exist/);
  });
});
