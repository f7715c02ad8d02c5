import type { NameDiff, ProtocolDiff } from "@codex-tools/typegen";

/** What changed from one protocol to another, as markdown for a changelog. */
export function protocolNotes(diff: ProtocolDiff, from: string, to: string): string {
  const sections = [
    methodSection("Client requests", diff.clientRequests),
    methodSection("Server requests", diff.serverRequests),
    methodSection("Server notifications", diff.serverNotifications),
    methodSection("Client notifications", diff.clientNotifications),
    methodSection("Types", diff.types),
    fieldSection(diff.fields),
  ].filter((section) => section !== "");
  if (sections.length === 0) return `The protocol of ${to} is that of ${from}.`;
  return [`What changed in the protocol from ${from} to ${to}:`, ...sections].join("\n\n");
}

function methodSection(title: string, { added, removed, changed }: NameDiff): string {
  const lines = [
    ...added.map((name) => `- added \`${name}\``),
    ...removed.map((name) => `- removed \`${name}\``),
    ...changed.map(
      ({ name, before, after }) => `- changed \`${name}\`: \`${before}\` is now \`${after}\``,
    ),
  ];
  return lines.length === 0 ? "" : [`**${title}**`, "", ...lines].join("\n");
}

/** Fields come in hundreds: one line for each type. */
function fieldSection({ added, removed, changed }: NameDiff): string {
  const byType = new Map<string, string[]>();
  const note = (path: string, say: (field: string) => string): void => {
    const dot = path.lastIndexOf(".");
    const type = path.slice(0, dot);
    byType.set(type, [...(byType.get(type) ?? []), say(path.slice(dot + 1))]);
  };
  for (const path of added) note(path, (field) => `added \`${field}\``);
  for (const path of removed) note(path, (field) => `removed \`${field}\``);
  for (const { name, before, after } of changed) {
    note(name, (field) => `\`${field}${before}\` is now \`${field}${after}\``);
  }
  if (byType.size === 0) return "";
  const lines = [...byType]
    .toSorted(([left], [right]) => left.localeCompare(right, "en"))
    .map(([type, notes]) => `- \`${type}\`: ${notes.join(", ")}`);
  return ["**Fields**", "", ...lines].join("\n");
}
