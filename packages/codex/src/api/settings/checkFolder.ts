import type { RuntimeClient } from "../../client/runtimeClient.js";
import { InvalidOptionError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { isObject } from "../../internal/isObject.js";
import { checkRemotePath, errnoOf, toLocalPath } from "../../internal/paths.js";
import { describeValue, isGiven } from "../../internal/validate.js";

/** Options that name folders of the runtime's machine. `null` stands for the configuration's. */
interface FolderOptions {
  readonly cwd?: unknown;
  readonly runtimeWorkspaceRoots?: unknown;
  readonly environments?: unknown;
}

/**
 * Returns options whose folders are absolute paths, after a check that they exist: the runtime accepts a
 * folder that does not, and every command fails then. Folders of other environments stay as they are.
 *
 * @throws InvalidOptionError
 */
export function withFolders<Options extends FolderOptions>(
  runtime: RuntimeClient,
  options: Options,
): Options {
  // What is not an object is refused where the options are checked.
  if (!isObject(options) || isGiven(options.environments)) return options;
  const { cwd, runtimeWorkspaceRoots: roots } = options;
  return {
    ...options,
    ...(isGiven(cwd) ? { cwd: toFolder(runtime, "cwd", cwd) } : {}),
    ...(Array.isArray(roots)
      ? {
          runtimeWorkspaceRoots: roots.map((root, index) =>
            toFolder(runtime, `runtimeWorkspaceRoots[${index}]`, root),
          ),
        }
      : {}),
  };
}

/**
 * Returns the absolute path of a folder, after a check that it exists. A relative path counts from the
 * `cwd` of the client, or else from that of this process. For a runtime that may run on another machine
 * the path must be absolute, and only its form is checked.
 *
 * @throws InvalidOptionError
 */
export function toFolder(runtime: RuntimeClient, name: string, value: unknown): string {
  const folder = toRuntimePath(runtime, name, value);
  const fault = runtime.connector.isLocal ? faultOf(folder) : undefined;
  if (fault !== undefined) throw new InvalidOptionError(name, `${describeValue(value)} ${fault}`);
  return folder;
}

/**
 * Returns a path as the runtime has it, which may lead nowhere.
 *
 * @throws InvalidOptionError
 */
export function toRuntimePath(
  { connector, options }: RuntimeClient,
  name: string,
  value: unknown,
): string {
  return connector.isLocal ? toLocalPath(name, value, options.cwd) : checkRemotePath(name, value);
}

/** Returns the params of a list whose folders are absolute paths. They may be gone. */
export function withListFolders<Params extends { readonly cwd?: string | string[] | null }>(
  runtime: RuntimeClient,
  params: Params,
): Params {
  const { cwd } = params;
  if (typeof cwd === "string") return { ...params, cwd: toRuntimePath(runtime, "cwd", cwd) };
  if (!Array.isArray(cwd)) return params;
  const folders = cwd.map((one, index) => toRuntimePath(runtime, `cwd[${index}]`, one));
  return { ...params, cwd: folders };
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
    const errno = errnoOf(error);
    return errno === "ENOENT" || errno === "ENOTDIR"
      ? `does not exist (${errno}); create the folder first.`
      : `cannot be read (${errno}); check the path and its permissions.`;
  }
}
