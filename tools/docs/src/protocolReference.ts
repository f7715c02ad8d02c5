import { EVENT_MEANINGS, ITEM_MEANINGS } from "./eventMeanings.js";
import { writePage } from "./pages.js";
import { type Field, fieldsOf, serverNotifications, threadItems } from "./protocolTypes.js";
import { readExamples, renderExample } from "./transcripts.js";

/**
 * Writes the pages about notifications and items: when each is sent, its members, and an example from a
 * recorded transcript.
 *
 * @throws Error when a meaning is written for something that the protocol does not have.
 */
export async function writeProtocolReference(): Promise<void> {
  const examples = await readExamples();
  const methods = await serverNotifications();
  const items = await threadItems();
  checkMeanings(EVENT_MEANINGS, new Set(methods.map(({ name }) => name)));
  checkMeanings(ITEM_MEANINGS, new Set(items.keys()));

  const events = await Promise.all(
    methods.map(async ({ name, params }) =>
      section(
        name,
        EVENT_MEANINGS.get(name),
        await fieldsOf(params),
        examples.notifications.get(name),
      ),
    ),
  );
  await writePage(
    "reference/events.md",
    `# Events\n\nNotifications of the runtime, as \`turn.stream()\` and \`codex.notifications()\` yield them: \`event.method\` is the name below, \`event.params\` has its members. A newer runtime may send others.\n\n${events.join("\n")}`,
  );
  const itemSections = [...items].map(([type, fields]) =>
    section(type, ITEM_MEANINGS.get(type), fields, examples.items.get(type)),
  );
  await writePage(
    "reference/items.md",
    `# Items\n\nItems of a thread, discriminated by \`item.type\`. They arrive in \`item/started\` and \`item/completed\`, and are in \`result.items\`. A newer runtime may send others.\n\n${itemSections.join("\n")}`,
  );
}

function checkMeanings(meanings: ReadonlyMap<string, string>, known: ReadonlySet<string>): void {
  const stale = [...meanings.keys()].filter((name) => !known.has(name));
  if (stale.length > 0) {
    throw new Error(
      `eventMeanings.ts explains what the protocol does not have: ${stale.join(", ")}`,
    );
  }
}

function section(
  name: string,
  meaning: string | undefined,
  fields: readonly Field[],
  example: unknown,
): string {
  const text = meaning === undefined ? "" : `\n${meaning}\n`;
  return `## ${name}\n${text}${table(fields)}${renderExample(example)}`;
}

function table(fields: readonly Field[]): string {
  if (fields.length === 0) return "";
  const hasComments = fields.some(({ comment }) => comment !== "");
  const rows = fields.map(({ name, type, isOptional, comment }) => {
    const shown = `\`${isOptional ? `${name}?` : name}\``;
    const cells = [shown, `<code v-pre>${escape(type)}</code>`];
    return row(hasComments ? [...cells, escape(comment)] : cells);
  });
  const names = hasComments ? ["member", "type", "meaning"] : ["member", "type"];
  return `\n${row(names)}\n${row(names.map(() => "---"))}\n${rows.join("\n")}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Escapes a text for a cell of a table, where Vue and Markdown give characters a meaning. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("|", "&#124;")
    .replaceAll("{", "&#123;")
    .replaceAll("}", "&#125;");
}
