// Writes src/generated/version.ts from the manifest, the one place where the version stands. A constant
// in the code survives a bundler, which the manifest would not.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const folder = new URL("../src/generated/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL("version.ts", folder),
  `// Generated from package.json by scripts/writeVersion.mjs. Do not edit.\n\n/** The Codex version of this SDK, its types and its runtime. */\nexport const CODEX_VERSION = ${JSON.stringify(version)};\n`,
);
