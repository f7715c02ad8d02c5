import { existsSync, statSync } from "node:fs";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";

import { repoRoot, siteFolder } from "./folders.js";

/** Pages of the repository that have another place on the site. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ["packages/codex/README.md", "packages/codex.md"],
  ["packages/codex-cli-bin/README.md", "packages/codex-cli-bin.md"],
  ["packages/codex-types/README.md", "packages/codex-types.md"],
  ["examples/README.md", "examples/index.md"],
  ["SECURITY.md", "security.md"],
  ["CONTRIBUTING.md", "contributing.md"],
]);

/** Links to these lead to a page of the site, though the file itself is not one. */
const ALIASES: ReadonlyMap<string, string> = new Map([["README.md", "index.md"]]);

/** Returns the page of the site for a file of the repository; `undefined` if there is none. */
export function sitePageOf(path: string): string | undefined {
  const moved = MOVED.get(path) ?? ALIASES.get(path);
  if (moved !== undefined) return moved;
  const example = /^examples\/src\/(\w+)\.ts$/.exec(path)?.[1];
  if (example !== undefined) return `examples/${example}.md`;
  const isPage = /^docs\/.+\.md$/.test(path) && existsSync(join(repoRoot, path));
  return isPage ? path.slice("docs/".length) : undefined;
}

/** Copies the Markdown pages of the repository to the site, with their links adapted. Returns the pages. */
export async function copyPages(): Promise<string[]> {
  const docs = await readdir(join(repoRoot, "docs"), { recursive: true });
  const sources = [
    ...docs.filter((path) => path.endsWith(".md")).map((path) => `docs/${toPosix(path)}`),
    ...MOVED.keys(),
  ];
  const pages = await Promise.all(sources.map(copyPage));
  await cp(join(repoRoot, "examples/assets"), join(siteFolder, "examples/assets"), {
    recursive: true,
  });
  return pages;
}

async function copyPage(source: string): Promise<string> {
  const page = sitePageOf(source);
  if (page === undefined) throw new Error(`${source} does not have a page on the site.`);
  const text = await readFile(join(repoRoot, source), "utf8");
  await writePage(page, adaptLinks(text, source, page));
  return page;
}

/** Writes a page below the site's folder. */
export async function writePage(page: string, text: string): Promise<void> {
  const file = join(siteFolder, page);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Makes the links of a repository's file lead to the pages of the site, or to the repository. */
export function adaptLinks(text: string, source: string, page: string): string {
  let isCode = false;
  const lines = text.split("\n").map((line) => {
    if (line.startsWith("```")) isCode = !isCode;
    return isCode
      ? line
      : line.replaceAll(/\]\(([^)\s]+)\)/g, (whole, link: string) =>
          /^(?:[a-z]+:|#)/.test(link) ? whole : `](${adaptLink(link, source, page)})`,
        );
  });
  return lines.join("\n");
}

function adaptLink(link: string, source: string, page: string): string {
  const [file = "", anchor] = link.split("#");
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  const target = posix.join(posix.dirname(source), file);
  if (!existsSync(join(repoRoot, target))) throw new Error(`${source}: ${link} does not exist.`);
  const readme = sitePageOf(`${target}/README.md`);
  const targetPage = sitePageOf(target) ?? readme;
  if (targetPage !== undefined) {
    const path = posix.relative(posix.dirname(page), targetPage);
    return `${path.startsWith(".") ? path : `./${path}`}${suffix}`;
  }
  const kind = statSync(join(repoRoot, target)).isDirectory() ? "tree" : "blob";
  return `${REPOSITORY}/${kind}/main/${target}${suffix}`;
}

/** Address of the repository, as in the manifests of the packages. */
export const REPOSITORY = "https://github.com/openai/codex";

function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}
