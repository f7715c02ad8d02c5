import type { ProtocolDiff } from "@codex-tools/typegen";

import { mentionsOf } from "./mentions.js";
import { type ProtocolChange, type ProtocolChanges, protocolChanges } from "./protocolChanges.js";

/** The comparison of two protocols as Markdown. */
export interface ProtocolReport {
  /** For the changelog: what changed for programs that use the types. */
  readonly notes: string;
  /** For the person who adapts the SDK: the notes, doc comments, files of ours, and the decisions. */
  readonly markdown: string;
  /** Questions that no tool can answer, each as one line. */
  readonly decisions: readonly string[];
}

/** More files than this are counted, not listed. */
const LISTED_FILES = 6;

/** Writes the report on a difference; `files` are the checkout's own, by their path. */
export function protocolReport(
  diff: ProtocolDiff,
  versions: { readonly from: string; readonly to: string },
  files: ReadonlyMap<string, string>,
): ProtocolReport {
  const { from, to } = versions;
  const changes = protocolChanges(diff);
  const decisions = decisionsOf(diff, changes, files);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["Breaking changes", changes.breaking.map(({ line }) => line)],
    ["Added", changes.added.map(({ line }) => line)],
    ["Other changes", changes.compatible.map(({ line }) => line)],
  ];
  const notes = sections.flatMap(([title, lines]) =>
    lines.length === 0 ? [] : [`**${title}**\n\n${listOf(lines)}`],
  );
  const docs = diff.docs.map(
    ({ before, after }) =>
      `\`${after.name}\`\n\n  ${quoted("before", before.doc)}\n\n  ${quoted("after", after.doc)}`,
  );
  return {
    notes:
      notes.length === 0
        ? `The protocol of ${to} is that of ${from}.`
        : [`What changed in the protocol from ${from} to ${to}:`, ...notes].join("\n\n"),
    decisions,
    markdown: [
      `# The protocol of ${to}, compared with ${from}`,
      ...sections.map(([title, lines]) => `## ${title}\n\n${listOf(lines)}`),
      `## Changed doc comments\n\n${listOf(docs)}`,
      `## Our files that mention a changed name\n\n${listOf(mentionLines(changes, files))}`,
      `## To decide\n\n${listOf(decisions)}`,
    ].join("\n\n"),
  };
}

/** The decisions as Markdown, as they stand in the report. */
export function listOf(lines: readonly string[]): string {
  return lines.length === 0 ? "None." : lines.map((line) => `- ${line}`).join("\n");
}

function quoted(label: string, doc: string): string {
  return `${label}: ${doc === "" ? "(none)" : doc.replaceAll(/\s*\n\s*/g, " ")}`;
}

function mentionLines(
  { breaking, added, compatible }: ProtocolChanges,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  // The name of an added field may be that of many others; the type that got it is what counts.
  const names = new Set([
    ...[...breaking, ...compatible].flatMap(({ name, type }) =>
      type === undefined ? [name] : [name, type],
    ),
    ...added.map(({ name, type }) => type ?? name),
  ]);
  return [...names].toSorted().flatMap((name) => {
    const paths = mentionsOf(files, name);
    return paths.length === 0 ? [] : [`\`${name}\`: ${filesOf(paths)}`];
  });
}

function filesOf(paths: readonly string[]): string {
  const more = paths.length - LISTED_FILES;
  const listed = paths.slice(0, LISTED_FILES).map((path) => `\`${path}\``);
  return [...listed, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function decisionsOf(
  diff: ProtocolDiff,
  { breaking }: ProtocolChanges,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const table = "RESPONSES_BY_HAND in `tools/typegen/src/responses.ts`";
  const unused = diff.unusedResponses.map((name) => `\`${name}\``).join(", ");
  const own = new Map([...files].filter(([path]) => path.startsWith("packages/codex/src/")));
  const wrapped = new Map([...own].filter(([path]) => path.includes("/api/")));
  return [
    ...diff.unmappedResults.map(
      (method) =>
        `The result of \`${method}\` is not known, and is \`unknown\` until ${table} names it. Response types that no method has: ${unused === "" ? "none, so that it shares one" : unused}.`,
    ),
    ...diff.staleResponses.map(
      (method) => `The entry of \`${method}\` is not needed any more: remove it from ${table}.`,
    ),
    ...breaking.flatMap((change) => usesOf(change, files)),
    ...diff.serverRequests.added.map(
      ({ method }) =>
        `The runtime can ask \`${method}\`: which default answer does \`packages/codex/src/client/defaultAnswers.ts\` give, and which handler?`,
    ),
    ...diff.clientRequests.added.map(
      ({ method, stability }) =>
        `\`${method}\` (${stability}) is new: does \`Codex\` have a method for it?`,
    ),
    ...diff.fields.added
      .filter(({ writtenBy }) => writtenBy === "client" || writtenBy === "both")
      .flatMap(({ name, stability }) => {
        const type = name.replace(/[<.].*$/, "").replace(/^.*\//, "");
        const paths = mentionsOf(wrapped, type);
        return paths.length === 0
          ? []
          : [`\`${name}\` (${stability}) is new: is it an option? ${filesOf(paths)}`];
      }),
    ...diff.types.changed.flatMap(({ before, after }) => {
      const fresh = after.parts.filter((part) => !before.parts.includes(part));
      const paths = mentionsOf(own, after.name.replace(/^.*\//, ""));
      return fresh.length === 0 || paths.length === 0
        ? []
        : [`\`${after.name}\` gained ${fresh.join(", ")}: is each handled? ${filesOf(paths)}`];
    }),
  ];
}

/** A name that is gone or has another form, and that files of ours mention. */
function usesOf(
  { name, type, line }: ProtocolChange,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = mentionsOf(files, name);
  // A field's name alone says little: only files that have the name of its type too are asked about.
  const relevant =
    type === undefined
      ? paths
      : paths.filter(
          (path) => mentionsOf(new Map([[path, files.get(path) ?? ""]]), type).length > 0,
        );
  return relevant.length === 0 ? [] : [`Adapt ${filesOf(relevant)}: ${line}.`];
}
