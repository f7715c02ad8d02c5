import { isRecord, stringMap } from "../json.js";
import { errorIn, type Finding } from "./finding.js";
import type { PackedPackage } from "./packedPackage.js";

/** Relative imports in ES modules and declarations need the extension. */
const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
const BARE_IMPORT = /(?:from|import)\s*\(?\s*["']((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^"']*)?["']/g;

/** All that a manifest names is in the tarball, and all that its modules import can be resolved. */
export function checkEntryPoints({ staged, files, manifest }: PackedPackage): readonly Finding[] {
  if (staged.stage === "platform") return [];
  const findings: Finding[] = [];
  const say = (problem: string): void => void findings.push(errorIn(staged.name, problem));
  for (const path of namedPaths([
    manifest["exports"],
    manifest["bin"],
    manifest["main"],
    manifest["types"],
  ])) {
    if (!path.includes("*") && !files.has(path))
      say(`the manifest names ${path}, which the tarball lacks`);
  }
  const known = new Set([
    staged.name,
    ...["dependencies", "optionalDependencies", "peerDependencies"].flatMap((field) =>
      Object.keys(stringMap(manifest[field])),
    ),
  ]);
  for (const file of files.values()) {
    if (!/\.(js|mjs|d\.ts|d\.mts)$/.test(file.path)) continue;
    const text = withoutComments(file.content.toString("utf8"));
    for (const [, specifier = ""] of text.matchAll(RELATIVE_IMPORT)) {
      if (!/\.(js|mjs|cjs|json|node)$/.test(specifier))
        say(`${file.path} imports ${specifier} without an extension`);
    }
    // In code, `node:` marks what Node brings; in declarations a type may come from a package only.
    for (const [, name = ""] of text.matchAll(BARE_IMPORT)) {
      if (!known.has(name)) say(`${file.path} imports ${name}, which is no dependency`);
    }
  }
  return findings;
}

/** Every path in the values of an `exports` map or the like, without `./`. */
function namedPaths(value: unknown): readonly string[] {
  if (typeof value === "string") return [value.replace(/^\.\//, "")];
  if (Array.isArray(value)) return value.flatMap(namedPaths);
  return isRecord(value) ? Object.values(value).flatMap(namedPaths) : [];
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}
