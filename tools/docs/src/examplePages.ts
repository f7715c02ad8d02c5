import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { repoRoot } from "./folders.js";
import { writePage } from "./pages.js";

/** Names of the examples, in order. */
export async function exampleNames(): Promise<string[]> {
  const files = await readdir(join(repoRoot, "examples/src"));
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .toSorted();
}

/** Writes a page for each example, with its source. */
export async function writeExamples(): Promise<void> {
  const names = await exampleNames();
  await Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(repoRoot, "examples/src", `${name}.ts`), "utf8");
      const text = `# ${name}\n\n\`\`\`ts\n${source}\`\`\`\n\n[All examples](./index.md)\n`;
      await writePage(`examples/${name}.md`, text);
    }),
  );
}
