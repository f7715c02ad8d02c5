import { parseExecutableHeader } from "../executable/executable.js";
import { parseJsonObject, stringMap } from "../json.js";
import { isProgramContent } from "../packFolder.js";
import { targets } from "../platforms.js";
import { fileProblem } from "../runtime/checkRuntime.js";
import { DESCRIPTION_FILE, programsOf } from "../runtime/codexPackage.js";
import { ownNameOf } from "../scope.js";
import { errorIn, type Finding } from "./finding.js";
import type { PackedPackage } from "./packedPackage.js";

/** A platform package is installed on its platform alone, and its runtime can be executed there. */
export function checkPlatformPackage({
  staged,
  files,
  manifest,
}: PackedPackage): readonly Finding[] {
  if (staged.stage !== "platform") return [];
  const findings: Finding[] = [];
  const say = (problem: string): void => void findings.push(errorIn(staged.name, problem));
  const target = targets.find(({ packageName }) => packageName === ownNameOf(staged.name));
  if (target === undefined) return [errorIn(staged.name, "is not the package of a platform")];
  if (!isListOf(manifest["os"], target.os) || !isListOf(manifest["cpu"], target.cpu)) {
    say(
      `is not restricted to ${target.os} on ${target.cpu} (os ${JSON.stringify(manifest["os"])}, cpu ${JSON.stringify(manifest["cpu"])})`,
    );
  }
  if ("libc" in manifest) say("is restricted to one libc, though the static build serves all");
  const root = `vendor/${target.triple}`;
  const description = files.get(`${root}/${DESCRIPTION_FILE}`);
  if (description === undefined) {
    say(`has no ${root}/${DESCRIPTION_FILE}`);
  } else {
    const { version, target: triple } = stringMap(
      parseJsonObject(description.content.toString("utf8"), DESCRIPTION_FILE),
    );
    if (version !== staged.version) say(`carries the runtime ${String(version)}`);
    if (triple !== target.triple) say(`carries the runtime of ${String(triple)}`);
  }
  for (const program of programsOf(target)) {
    if (!files.has(`${root}/${program}`)) say(`has no program ${root}/${program}`);
  }
  for (const { path, content, mode } of files.values()) {
    const place = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    const problem = fileProblem(place, parseExecutableHeader(content), target);
    if (problem !== null) say(`${path} does not run on ${target.id}: ${problem}`);
    if (isProgramContent(content) && (mode & 0o111) !== 0o111) {
      say(`${path} has lost its executable bits in the tarball (mode ${mode.toString(8)})`);
    }
  }
  return findings;
}

function isListOf(value: unknown, only: string): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === only;
}
