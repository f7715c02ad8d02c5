import { resolve } from "node:path";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { InvalidOptionError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { checkPath, describeValue, isGiven } from "../../internal/validate.js";

/**
 * The folder from which the runtime counts relative paths; `undefined` when the runtime may run on
 * another machine, so that its paths cannot be read here.
 */
export function folderOf({ options, connector }: RuntimeClient): string | undefined {
  return connector.ownsRuntime ? resolve(options.cwd ?? process.cwd()) : undefined;
}

/**
 * Checks that a folder exists: the runtime accepts one that does not, and every command fails then.
 * Nothing but the text is checked for a runtime that may run on another machine.
 *
 * @throws InvalidOptionError
 */
export function checkFolder(runtime: RuntimeClient, name: string, value: unknown): void {
  checkPath(name, value);
  const folder = folderOf(runtime);
  if (folder === undefined) return;
  const fault = faultOf(resolve(folder, value));
  if (fault !== undefined) throw new InvalidOptionError(name, `${describeValue(value)} ${fault}`);
}

/** Checks the `cwd` of an options object, where it has one. `null` stands for the configuration's. */
export function checkCwd(runtime: RuntimeClient, options: { readonly cwd?: unknown }): void {
  if (isGiven(options.cwd)) checkFolder(runtime, "cwd", options.cwd);
}

/** The path of a folder without links, as the runtime has it. */
export function realFolder(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return path;
  }
}

function faultOf(path: string): string | undefined {
  try {
    return fs.statSync(path).isDirectory()
      ? undefined
      : "is not a directory; pass the folder that contains it.";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return code === "ENOENT"
      ? `does not exist (${code}); create the folder first.`
      : `cannot be read (${code}); check the path and its permissions.`;
  }
}
