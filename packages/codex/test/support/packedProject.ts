import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { repoRoot } from "./sourceFiles.js";
import { createTsProject, type TsProject } from "./tsProject.js";

const run = promisify(execFile);

/** The folders of the packages that are published, below `packages/`. */
export const PUBLISHED = ["codex", "codex-cli-bin", "codex-types"] as const;

/** Manifest of a packed package. */
export interface PackedManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A user's project with the packages as they would be published, and no platform package. */
export interface PackedProject extends TsProject {
  /** `node_modules/@openai`. */
  readonly modules: string;
  /** By the package's folder. */
  readonly manifests: ReadonlyMap<string, PackedManifest>;
}

/** Packs what is built, and unpacks it as an install would. */
export async function createPackedProject(): Promise<PackedProject> {
  const project = await createTsProject();
  try {
    const modules = join(project.folder, "node_modules", "@openai");
    const manifests = new Map<string, PackedManifest>();
    for (const name of PUBLISHED) {
      const tarball = join(project.folder, `${name}.tgz`);
      const target = join(modules, name);
      // One after the other: packing takes a core, and other tests run.
      // oxlint-disable-next-line no-await-in-loop
      manifests.set(name, await unpack(name, tarball, target));
    }
    return { ...project, modules, manifests };
  } catch (error) {
    await project[Symbol.asyncDispose]();
    throw error;
  }
}

async function unpack(name: string, tarball: string, target: string): Promise<PackedManifest> {
  await run("pnpm", ["pack", "--out", tarball], { cwd: join(repoRoot, "packages", name) });
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  return JSON.parse(await readFile(join(target, "package.json"), "utf8"));
}
