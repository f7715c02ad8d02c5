import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";

import { writeApiIndex } from "./apiIndex.js";
import { writeApiReference } from "./apiReference.js";
import { buildSite, serveSite } from "./buildSite.js";
import { writeExamples } from "./examplePages.js";
import { siteFolder } from "./folders.js";
import { writeHome } from "./homePage.js";
import { copyPages } from "./pages.js";
import { writeProtocolReference } from "./protocolReference.js";

const USAGE = `pnpm run docs              builds the site to tools/docs/site/.vitepress/dist
pnpm run docs --serve      builds it, and shows it on the loopback
`;

const { values } = parseArgs({
  options: {
    serve: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  await rm(siteFolder, { recursive: true, force: true });
  step("pages of docs/ and of the packages");
  await copyPages();
  await writeHome();
  step("examples, with their output");
  await writeExamples();
  step("reference of events and items");
  await writeProtocolReference();
  step("API reference");
  await writeApiReference();
  await writeApiIndex();
  step("site");
  await buildSite();
  step("done: tools/docs/site/.vitepress/dist");
  if (values.serve) await serveSite();
}

function step(name: string): void {
  process.stdout.write(`${name}\n`);
}
