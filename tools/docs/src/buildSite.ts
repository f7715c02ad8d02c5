import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build, serve } from "vitepress";

import { repoRoot, siteFolder } from "./folders.js";

const THEME = `import DefaultTheme from "vitepress/theme";
import "./site.css";

export default DefaultTheme;
`;

/** Builds the site from the pages below the site's folder. A link to a missing page fails the build. */
export async function buildSite(): Promise<void> {
  const settings = join(siteFolder, ".vitepress");
  await mkdir(settings, { recursive: true });
  const config = pathToFileURL(
    join(fileURLToPath(new URL(".", import.meta.url)), "siteConfig.js"),
  ).href;
  await writeFile(
    join(settings, "config.mjs"),
    `export { siteConfig as default } from "${config}";\n`,
  );
  const theme = join(settings, "theme");
  await mkdir(theme, { recursive: true });
  await writeFile(join(theme, "index.js"), THEME);
  await copyFile(join(repoRoot, "tools/docs/src/site.css"), join(theme, "site.css"));
  await build(siteFolder);
}

/** Serves the built site on the loopback. */
export async function serveSite(): Promise<void> {
  await serve({ root: siteFolder, port: 4173 });
}
