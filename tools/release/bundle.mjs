// Bundles the built tool into one file, which a workflow runs with Node alone. It is built and handed on
// as an artifact, not committed: docs/releasing.md says why.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import ncc from "@vercel/ncc";

const root = fileURLToPath(new URL(".", import.meta.url));

const { code, assets } = await ncc(`${root}dist/index.js`, {
  license: "licenses.txt",
  quiet: true,
});
// ncc leaves the "type" of our own manifest beside its file; the extension says the same.
const extra = Object.keys(assets).filter(
  (name) => !["licenses.txt", "package.json"].includes(name),
);
if (extra.length > 0) throw new Error(`The bundle is not one file: ncc added ${extra.join(", ")}.`);

await rm(`${root}dist/bundle`, { recursive: true, force: true });
await mkdir(`${root}dist/bundle`, { recursive: true });
await writeFile(`${root}dist/bundle/release.mjs`, code, { mode: 0o755 });
await writeFile(`${root}dist/bundle/licenses.txt`, assets["licenses.txt"]?.source ?? "");
