// Builds what is published: each entry point of the manifest, and one file that they share, so that a
// class is one and the same from every entry point. Comments go into the declarations only.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

import { breakLines } from "./breakLines.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");
const project = join(root, "tsconfig.build.json");
const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** The published files without folder and extension. `src/<name>.ts` is the source of each. */
const entries = Object.values(manifest.exports)
  .filter((entry) => typeof entry === "object")
  .map((entry) => entry.default.replace(/^\.\/dist\/|\.js$/g, ""));

/** The modules of Node and the dependencies, which are not bundled. */
const external = /^(?:node:|@openai\/|@opentelemetry\/|ws$)/;

function inputsIn(folder, extension) {
  return Object.fromEntries(entries.map((name) => [name, join(folder, `${name}${extension}`)]));
}

/**
 * Moves the `/// <reference …/>` lines of joined declarations to the top, as elsewhere they have no
 * effect, and indents by tabs, which takes a tenth less room.
 */
const tidyDeclarations = {
  name: "tidy-declarations",
  renderChunk(code) {
    const references = new Set();
    const rest = code.replaceAll(/^\/\/\/ <reference .*\n/gm, (line) => {
      references.add(line);
      return "";
    });
    const indented = rest.replaceAll(/^(?: {4})+/gm, ({ length }) => "\t".repeat(length / 4));
    return { code: [...references, indented].join(""), map: null };
  },
};

/**
 * Reads the version from the manifest of the package itself, which staging stamps. The source asks the
 * runtime's package, which a program that never starts a runtime is not to load.
 */
const versionOfManifest = {
  name: "version-of-manifest",
  resolveId: (source) =>
    source === "../package.json" ? { id: source, external: true } : undefined,
  load: (id) =>
    id.endsWith("/client/version.ts") || id.endsWith("\\client\\version.ts")
      ? `import manifest from "../package.json" with { type: "json" };
         export const CODEX_VERSION = manifest.version;`
      : undefined,
};

async function bundleJavaScript() {
  const bundle = await rolldown({
    cwd: root,
    input: inputsIn(join(root, "src"), ".ts"),
    external,
    platform: "node",
    tsconfig: project,
    plugins: [versionOfManifest],
  });
  await bundle.write({
    dir: dist,
    format: "esm",
    chunkFileNames: "[name].js",
    comments: false,
    // The names of functions and classes stay, for stack traces.
    minify: {
      compress: { keepNames: { function: true, class: true } },
      mangle: { toplevel: false, keepNames: true },
      codegen: { removeWhitespace: true },
    },
    // Each further file that an import reads costs time.
    codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] },
  });
  await bundle.close();
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(dist, name);
    // oxlint-disable-next-line no-await-in-loop
    await writeFile(file, breakLines(name, await readFile(file, "utf8")));
  }
}

/** TypeScript 7 writes the declarations. The plugin that joins them reads them by TypeScript 6. */
async function bundleDeclarations(folder) {
  const flags = ["--emitDeclarationOnly", "--declarationMap", "false", "--stripInternal"];
  await promisify(execFile)(process.execPath, [tsc, "-p", project, "--outDir", folder, ...flags]);
  const input = inputsIn(folder, ".d.ts");
  const entryFiles = new Set(Object.values(input));
  const bundle = await rollup({
    input,
    external,
    plugins: [dts(), tidyDeclarations],
  });
  await bundle.write({
    dir: dist,
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "[name].d.ts",
    // An entry point in the shared file would export all that the others need of that.
    hoistTransitiveImports: false,
    manualChunks: (id) => (entryFiles.has(id) ? undefined : "shared"),
  });
  await bundle.close();
}

// Not below `node_modules`: the plugin takes what it finds there for a dependency, and leaves it out.
const declarations = await mkdtemp(join(tmpdir(), "codex-declarations-"));
try {
  await rm(dist, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  await bundleJavaScript();
  await bundleDeclarations(declarations);
} catch (error) {
  process.stderr.write(error.stdout ?? "");
  throw error;
} finally {
  await rm(declarations, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
