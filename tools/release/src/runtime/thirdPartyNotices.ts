import { readdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";

/** Programs of other projects that a runtime brings without a licence text of their own. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  [
    "rg",
    "[ripgrep](https://github.com/BurntSushi/ripgrep), under the MIT licence or the Unlicense, at your choice",
  ],
  [
    "bwrap",
    "[bubblewrap](https://github.com/containers/bubblewrap), under the GNU LGPL, version 2 or any later version",
  ],
]);

/** Files that state the terms of others: notices, and what is in a folder of licences. */
const TERMS = /(^|\/)(NOTICE|COPYING|LICEN[CS]E)[^/]*$|(^|\/)licen[cs]es\//i;

/**
 * Writes the notices of third parties for a runtime: the programs of other projects in it, and the files in
 * which its bundled libraries state their terms.
 *
 * @param vendor Folder of the runtime.
 * @param root Folder of the package, against which paths are shown.
 */
export async function thirdPartyNotices(vendor: string, root: string): Promise<string> {
  const entries = await readdir(vendor, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .toSorted();
  const programs = paths.flatMap((path) => {
    const terms = PROGRAMS.get(basename(path, ".exe"));
    return terms === undefined ? [] : [`- \`${path}\` is ${terms}.`];
  });
  const texts = paths.filter((path) => TERMS.test(path)).map((path) => `- [${path}](${path})`);
  return [
    "# Third-party notices",
    "",
    "The Codex runtime itself is under the licence in LICENSE. This package also distributes:",
    "",
    ...programs,
    ...(texts.length === 0
      ? []
      : [
          "",
          "The libraries that are bundled with the runtime state their terms in:",
          "",
          ...texts,
        ]),
    "",
  ].join("\n");
}
