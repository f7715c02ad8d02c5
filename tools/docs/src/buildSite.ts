import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build, serve } from "vitepress";

import { siteFolder } from "./folders.js";

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
  await build(siteFolder);
}

/** Serves the built site on the loopback. */
export async function serveSite(): Promise<void> {
  await serve({ root: siteFolder, port: 4173 });
}
