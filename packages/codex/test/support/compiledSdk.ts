import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { repoRoot } from "./sourceFiles.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

/** The sources as plain JavaScript, for host programs that are processes of their own. */
export interface CompiledSdk extends AsyncDisposable {
  /** The URL to import this module of `src/` from. */
  urlOf(module: "index.js" | "testing/index.js"): string;
}

/** Compiles the sources afresh, below `node_modules` so that their imports resolve. Types are another test's matter. */
export async function compileSdk(): Promise<CompiledSdk> {
  const parent = join(packageRoot, "node_modules", ".cache");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "compiled-sdk-"));
  const compiler = join(repoRoot, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", join(packageRoot, "tsconfig.build.json"), "--outDir", folder, "--noCheck"];
  await promisify(execFile)(process.execPath, [compiler, ...args]);
  return {
    urlOf: (module) => pathToFileURL(join(folder, module)).href,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
