import { InvalidOptionError } from "../../errors/codexError.js";
import { checkObject, checkWellFormed, describeValue, readGiven } from "../../internal/validate.js";

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";

/**
 * Writes file changes as a patch of the runtime's `apply_patch`. A string is a patch already.
 *
 * @throws InvalidOptionError
 */
export function toPatch(changes: Readonly<Record<string, string | null>> | string): string {
  if (typeof changes === "string") {
    checkWellFormed("changes", changes);
    const patch = changes.trim();
    if (patch.startsWith(BEGIN) && patch.endsWith(END)) return patch;
    throw new InvalidOptionError(
      "changes",
      `a patch starts with ${JSON.stringify(BEGIN)} and ends with ${JSON.stringify(END)}; pass an object of paths and texts to have one written.`,
    );
  }
  checkObject("changes", changes);
  const entries = readGiven("changes", () => Object.entries(changes));
  if (entries.length === 0) {
    throw new InvalidOptionError("changes", "is empty; name at least one file.");
  }
  return [BEGIN, ...entries.flatMap(([path, text]) => changeOf(path, text)), END].join("\n");
}

function changeOf(path: string, text: unknown): string[] {
  if (path.trim() === "" || /[\r\n]/u.test(path)) {
    throw new InvalidOptionError("changes", `${JSON.stringify(path)} is not the path of a file.`);
  }
  if (text === null) return [`*** Delete File: ${path}`];
  if (typeof text !== "string") {
    throw new InvalidOptionError(
      `changes[${JSON.stringify(path)}]`,
      `expected the new text, or null to delete the file, not ${describeValue(text)}.`,
    );
  }
  checkWellFormed(`changes[${JSON.stringify(path)}]`, text);
  // The runtime ends every line of an added file with a line feed, the last one too.
  const lines = text.replace(/\n$/u, "").split("\n");
  return [`*** Add File: ${path}`, ...lines.map((line) => `+${line}`)];
}
