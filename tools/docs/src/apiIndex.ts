import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { siteFolder } from "./folders.js";

/** Entry points of the package, by the name of their folder in the reference. */
const ENTRY_POINTS = [
  ["index", "@openai/codex", "`Codex`, threads, turns, inputs, options, errors"],
  ["types", "@openai/codex/types", "protocol models that the API returns"],
  ["client", "@openai/codex/client", "typed low-level client of the app-server protocol"],
  ["otel", "@openai/codex/otel", "OpenTelemetry: spans, metrics and one trace with the runtime"],
  ["testing", "@openai/codex/testing", "scripted model and harness for tests"],
] as const;

/** Pages that a reader looks for first. */
const FIRST = [
  ["new Codex()", "classes/Codex", "options", "interfaces/CodexOptions"],
  ["codex.startThread()", "interfaces/Thread", "options", "interfaces/StartThreadOptions"],
  ["codex.resumeThread()", "interfaces/Thread", "options", "interfaces/ResumeThreadOptions"],
  ["thread.run()", "type-aliases/TurnResult", "options", "interfaces/TurnOptions"],
  ["thread.turn()", "interfaces/TurnHandle", "options", "interfaces/TurnOptions"],
  ["tool()", "functions/tool", "definition", "interfaces/ToolDefinition"],
  ["onApproval", "type-aliases/ApprovalHandler", "requests", "type-aliases/ApprovalRequest"],
] as const;

/** Gives the pages of the entry points their import names, and the reference a first page. */
export async function writeApiIndex(): Promise<void> {
  const folder = join(siteFolder, "reference/api");
  await Promise.all(ENTRY_POINTS.map(([entry, name]) => nameEntry(join(folder, entry), name)));
  const entries = ENTRY_POINTS.map(
    ([entry, name, content]) => `| [\`${name}\`](./${entry}/index.md) | ${content} |`,
  );
  const first = FIRST.map(
    ([name, page, kind, options]) =>
      `| \`${name}\` | [${nameOf(page)}](./index/${page}.md) | ${kind}: [${nameOf(options)}](./index/${options}.md) |`,
  );
  const text = [
    "# API",
    "",
    "The pages are made of the doc comments that an editor shows. Each page of options has the defaults.",
    "",
    "| entry | page | see also |",
    "| --- | --- | --- |",
    ...first,
    "",
    "| import | exports |",
    "| --- | --- |",
    ...entries,
    "",
    "[Errors](../../errors.md) lists the codes, [events](../events.md) and [items](../items.md) what a turn sends.",
    "",
  ];
  await writeFile(join(folder, "index.md"), text.join("\n"));
}

function nameOf(page: string): string {
  return page.slice(page.indexOf("/") + 1);
}

/** Typedoc names an entry point by its file. */
async function nameEntry(folder: string, name: string): Promise<void> {
  const file = join(folder, "index.md");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^# .+$/m, `# ${name}`));
}
