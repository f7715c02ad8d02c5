// Writes the package: its declarations, one file for each type of the protocol, as one file (a compiler
// reads that in half the time), and the empty module that an import of the package loads.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");
const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

// Not below `node_modules`: the plugin takes what it finds there for a dependency, and leaves it out.
const declarations = await mkdtemp(join(tmpdir(), "codex-types-"));
try {
  const project = join(root, "tsconfig.build.json");
  await promisify(execFile)(process.execPath, [tsc, "-p", project, "--outDir", declarations]);
  await rm(dist, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await mkdir(dist);
  const bundle = await rollup({ input: join(declarations, "index.d.ts"), plugins: [dts()] });
  await bundle.write({ file: join(dist, "index.d.ts") });
  await bundle.close();
  await writeFile(join(dist, "index.js"), "export {};\n");
} catch (error) {
  process.stderr.write(error.stdout ?? "");
  throw error;
} finally {
  await rm(declarations, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
