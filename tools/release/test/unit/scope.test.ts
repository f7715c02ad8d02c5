import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { moveToScope, OWN_NAMES, OWN_SCOPE, parseScope } from "../../src/scope.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

async function moved(text: string, scope: string): Promise<string> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "index.js");
  await writeFile(file, text);
  await moveToScope(folder.path, scope);
  return await readFile(file, "utf8");
}

test("every name of a release moves to another scope, and the start of a platform's name with it", async () => {
  for (const name of OWN_NAMES) {
    expect(await moved(`import "${name}";`, "@you")).toBe(
      `import "${name.replace("@openai", "@you")}";`,
    );
  }
  expect(await moved('const PREFIX = "@openai/codex-";', "@you")).toBe(
    'const PREFIX = "@you/codex-";',
  );
  expect(await moved("see @openai/codex/testing", "@you")).toBe("see @you/codex/testing");
});

test("names of other packages stay, and so does every name under the own scope", async () => {
  const others = 'import "@openai/codex-sdk"; import "@openai/agents"; // @openai/codex-typescript';
  expect(await moved(others, "@you")).toBe(others);
  expect(await moved("@openai/codex", OWN_SCOPE)).toBe("@openai/codex");
});

test.each(["you", "@", "@You", "@you/x", "@you x", ""])("%j is refused as a scope", (text) => {
  expect(() => parseScope(text)).toThrow("is not an npm scope");
});
