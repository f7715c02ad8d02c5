import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { DefaultTheme, UserConfig } from "vitepress";

import { repoRoot, siteFolder } from "./folders.js";
import { mainLandmark } from "./mainLandmark.js";
import { REPOSITORY } from "./pages.js";

/** Anchors as GitHub makes them, so that a link works in the repository and on the site. */
function slugify(heading: string): string {
  return heading
    .toLowerCase()
    .trim()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** Groups of the index of the guides: it is the one place that orders them. */
function guideGroups(): DefaultTheme.SidebarItem[] {
  const groups: { text: string; items: DefaultTheme.SidebarItem[] }[] = [];
  for (const line of readFileSync(join(siteFolder, "guides/index.md"), "utf8").split("\n")) {
    const link = /^- \[(.+)\]\((.+)\.md\)$/.exec(line);
    if (link !== null) {
      const [, text = "", path = ""] = link;
      const page = new URL(path, "file:///guides/").pathname;
      groups.at(-1)?.items.push({ text: text.replaceAll("`", ""), link: page });
    } else if (/^[A-Z][\w ]+$/.test(line)) groups.push({ text: line, items: [] });
  }
  return groups;
}

function examples(): DefaultTheme.SidebarItem[] {
  return readdirSync(join(siteFolder, "examples"))
    .filter((file) => /^\d+_\w+\.md$/.test(file))
    .toSorted()
    .map((file) => ({ text: file.slice(0, -3), link: `/examples/${file.slice(0, -3)}` }));
}

function apiGroups(): DefaultTheme.SidebarItem[] {
  const folder = join(siteFolder, "reference/api");
  if (!existsSync(folder)) return [];
  return ["index", "client", "testing", "types"].map((entry) => ({
    text: entry === "index" ? "@openai/codex" : `@openai/codex/${entry}`,
    link: `/reference/api/${entry}/`,
    collapsed: true,
    items: readdirSync(join(folder, entry), { withFileTypes: true })
      .filter((group) => group.isDirectory())
      .map((group) => ({
        text: group.name,
        collapsed: true,
        items: readdirSync(join(folder, entry, group.name))
          .toSorted()
          .map((file) => ({
            text: file.slice(0, -3),
            link: `/reference/api/${entry}/${group.name}/${file.slice(0, -3)}`,
          })),
      })),
  }));
}

/** VitePress leaves the page of a missing address to scripts: without them it would be empty. */
function withNotFoundPage(code: string): string {
  const root = '<div id="app"></div>';
  if (!code.includes(root))
    throw new Error("The page of a missing address has another root element.");
  return code.replace(
    root,
    `${root}<noscript><main><h1>Page not found</h1><p><a href="/">Codex SDK</a></p></main></noscript>`,
  );
}

const reference: DefaultTheme.SidebarItem[] = [
  { text: "Errors", link: "/errors" },
  { text: "Events", link: "/reference/events" },
  { text: "Items", link: "/reference/items" },
  { text: "Other runtimes", link: "/skew" },
];

const { version }: { version: string } = JSON.parse(
  readFileSync(join(repoRoot, "packages/codex/package.json"), "utf8"),
);

/** Configuration of the site. */
export const siteConfig: UserConfig<DefaultTheme.Config> = {
  title: "Codex SDK",
  titleTemplate: ":title · Codex SDK for TypeScript",
  description: "The Codex SDK for TypeScript: guides, API and protocol reference.",
  lang: "en",
  cleanUrls: true,
  transformHtml: (code, id) => (id.endsWith("404.html") ? withNotFoundPage(code) : undefined),
  vite: { plugins: [mainLandmark()] },
  markdown: {
    anchor: { slugify },
    languageAlias: { mjs: "js" },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guides", link: "/guides/" },
      { text: "API", link: "/reference/api/" },
      { text: "Events", link: "/reference/events" },
      { text: "Examples", link: "/examples/" },
      { text: version, link: "/guides/versions" },
    ],
    sidebar: {
      "/reference/": [{ text: "Reference", items: reference }, ...apiGroups()],
      "/examples/": [{ text: "Examples", link: "/examples/", items: examples() }],
      "/": [
        { text: "Getting started", link: "/getting-started" },
        ...guideGroups(),
        { text: "Reference", items: [{ text: "API", link: "/reference/api/" }, ...reference] },
        {
          text: "Project",
          items: [
            { text: "Questions", link: "/faq" },
            { text: "Security", link: "/security" },
            { text: "Architecture", link: "/architecture" },
            { text: "Contributing", link: "/contributing" },
            { text: "Releasing", link: "/releasing" },
          ],
        },
      ],
    },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
  },
};
