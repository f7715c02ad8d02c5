import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { describe, expect, it } from "vitest";

import { codeBlocksOf, isUserDoc } from "../support/codeBlocks.js";
import { filesBelow, repoRoot } from "../support/sourceFiles.js";

const pages = filesBelow(
  repoRoot,
  (path) => path.endsWith(".md") && !path.endsWith("CHANGELOG.md"),
);

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** Anchors of a page's headings, as GitHub and the site make them. */
function anchorsOf(path: string): Set<string> {
  const text = readFileSync(path, "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("the links between Markdown files", () => {
  it("lead to files and headings that exist", () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
        const link = match[1] ?? "";
        if (/^[a-z]+:/.test(link)) return [];
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? join(repoRoot, path) : join(repoRoot, dirname(path), file);
        const isInside = !relative(repoRoot, target).startsWith("..");
        if (!isInside || !existsSync(target)) return [`${path}: ${link}`];
        if (anchor === undefined) return [];
        const isPage = statSync(target).isFile() && anchorsOf(target).has(anchor);
        return isPage ? [] : [`${path}: ${link}`];
      }),
    );
    expect(pages.length).toBeGreaterThan(40);
    expect(broken).toEqual([]);
  });

  it("lead from the index of the guides to every guide and every migration page", () => {
    const index = pages.find(({ path }) => path === "docs/guides/index.md")?.text ?? "";
    const unlisted = pages
      .map(({ path }) => path)
      .filter((path) => /^docs\/(?:guides|migration)\//.test(path) && !path.endsWith("index.md"))
      .filter(
        (path) => !index.includes(`(${relative("docs/guides", path).replaceAll("\\", "/")})`),
      );
    expect(unlisted).toEqual([]);
  });
});

describe("the commands in the documentation", () => {
  it("name scripts of the root manifest", () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(repoRoot, "package.json"), "utf8"),
    );
    const commands = pages
      .filter(({ path }) => isUserDoc(path))
      .flatMap(codeBlocksOf)
      .filter(({ language }) => language === "sh")
      .flatMap(({ path, code }) =>
        [...code.matchAll(/\b(?:npm|pnpm) run ([\w:]+)/g)].map((match) => ({
          path,
          script: match[1] ?? "",
        })),
      );
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter(({ script }) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
  });
});
