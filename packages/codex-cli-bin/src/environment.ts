import { delimiter } from "node:path";

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns `env` with `dir` as the first entry of its PATH. Empty entries and other entries of `dir` are
 * removed. On Windows variable names do not differ by case: the variable keeps its spelling (`Path` as a
 * rule), and exactly one remains. On POSIX only `PATH` is the search path.
 */
export function prependToPath(
  env: Environment,
  dir: string,
  platform: string = process.platform,
  separator: string = delimiter,
): Record<string, string | undefined> {
  const others = pathEntries(env, platform, separator).filter((entry) => entry !== dir);
  const names = pathNames(env, platform);
  const result: Record<string, string | undefined> = { ...env };
  for (const name of names) delete result[name];
  result[effectiveName(names)] = [dir, ...others].join(separator);
  return result;
}

/** Returns the directories of the PATH in `env`, in order, without empty entries. */
export function pathEntries(
  env: Environment,
  platform: string = process.platform,
  separator: string = delimiter,
): readonly string[] {
  const value = env[effectiveName(pathNames(env, platform))] ?? "";
  return value.split(separator).filter((entry) => entry !== "");
}

function pathNames(env: Environment, platform: string): readonly string[] {
  return platform === "win32"
    ? Object.keys(env).filter((name) => name.toUpperCase() === "PATH")
    : ["PATH"];
}

function effectiveName(names: readonly string[]): string {
  return names.includes("Path") ? "Path" : (names.at(-1) ?? "PATH");
}
