import type { Harness } from "../../src/testing/index.js";
import type { DocExample } from "../support/docExamples.js";
import { exportsOf } from "../support/publicDeclarations.js";

/** Conditions under which an example of a doc comment runs, and the lines that it prints. */
export interface ExampleCase {
  /** Runs with a mock issuer of logins, whose device page is confirmed. */
  readonly signsIn?: boolean;
  /** Scripts the model and puts files into the workspace. */
  readonly prepare?: (harness: Harness) => unknown;
  /** Declarations that the example takes for granted. */
  readonly before?: string;
  /** Code that shows what the example has done. */
  readonly after?: string;
  readonly prints: readonly unknown[];
}

/** Cases by the subject of the example. */
export type ExampleCases = Readonly<Record<string, ExampleCase>>;

/** Objects that examples use without making them: each is made as its page makes it, and ended. */
const GIVEN = [
  {
    name: "harness",
    make: "const harness = await startHarness();",
    end: "await harness.close();",
  },
  { name: "codex", make: "const codex = new Codex();", end: "await codex.close();" },
  { name: "thread", make: "const thread = await codex.startThread();", end: "" },
  { name: "turn", make: 'const turn = await thread.turn("Explain the build.");', end: "" },
];

const MODULES = [
  { specifier: "@openai/codex", names: namesOf("index.ts") },
  { specifier: "@openai/codex/testing", names: namesOf("testing/index.ts") },
  { specifier: "@openai/codex/otel", names: namesOf("otel/index.ts") },
  { specifier: "zod", names: ["z"] },
  { specifier: "node:diagnostics_channel", names: ["tracingChannel"] },
  { specifier: "node:fs/promises", names: ["readFile", "writeFile"] },
];

function namesOf(entry: string): string[] {
  return exportsOf(entry).map(({ name }) => name);
}

/** Returns the module that runs an example: its imports, what it takes for granted, and its end. */
export function exampleProgramOf({ code }: DocExample, example: ExampleCase): string {
  const { before = "", after = "" } = example;
  const body = `${before}\n${code}\n${after}\n`;
  const isDeclared = (name: string): boolean =>
    new RegExp(`\\b(?:const|let) ${name}\\b`).test(body);
  let start = "";
  let end = "";
  // From the last to the first: a thread needs its client.
  for (const given of GIVEN.toReversed()) {
    const isUsed = new RegExp(`(?<![.\\w"])${given.name}\\b(?!:)`).test(body + start);
    if (!isUsed || isDeclared(given.name)) continue;
    start = `${given.make}\n${start}`;
    end = `${end}${given.end}\n`;
  }
  const program = `${start}${body}${end}`;
  const imports = MODULES.map(({ specifier, names }) => {
    const used = names.filter((name) => new RegExp(`(?<![.\\w"])${name}\\b`).test(program));
    const imported = used.filter((name) => !isDeclared(name));
    return imported.length === 0 ? "" : `import { ${imported.join(", ")} } from "${specifier}";\n`;
  });
  return `${imports.join("")}${program}`;
}
