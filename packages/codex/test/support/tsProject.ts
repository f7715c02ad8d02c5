import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { repoRoot } from "./sourceFiles.js";

const run = promisify(execFile);
const TSC = join(repoRoot, "node_modules/typescript/bin/tsc");

/** A TypeScript project of a user, in a temporary folder. */
export interface TsProject extends AsyncDisposable {
  readonly folder: string;
  /** Links a package into the project's `node_modules`. */
  link(name: string, target: string): Promise<void>;
  write(path: string, text: string): Promise<string>;
  /** Runs `tsc` with these flags; rejects with the errors that it finds. */
  tsc(flags: readonly string[]): Promise<string>;
}

/** An empty project that knows the types of Node. */
export async function createTsProject(): Promise<TsProject> {
  const folder = await mkdtemp(join(tmpdir(), "codex-project-"));
  const project: TsProject = {
    folder,
    link: async (name, target) => {
      const path = join(folder, "node_modules", name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(target, path, "junction");
    },
    write: async (path, text) => {
      const full = join(folder, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, text);
      return full;
    },
    tsc: async (flags) => {
      const ended = await run(process.execPath, [TSC, ...flags], { cwd: folder }).catch((error) => {
        throw new Error(error.stdout === "" ? error.message : error.stdout);
      });
      return ended.stdout;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  await project.link("@types/node", join(repoRoot, "node_modules/@types/node"));
  return project;
}
