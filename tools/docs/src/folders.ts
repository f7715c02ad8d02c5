import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const repoRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Sources of the site. Everything in this folder is generated. */
export const siteFolder = fileURLToPath(new URL("../site/", import.meta.url));
