import { pnpmCommand, rootManifest, run } from "./command.mjs";

/** Installs what the lockfile pins: the whole workspace, or the root and what `packageName` needs. */
export function install(packageName, options) {
  const { name, packageManager } = rootManifest();
  const filters =
    packageName === undefined ? [] : [`--filter=${name}`, `--filter=${packageName}...`];
  const args = ["install", "--frozen-lockfile", "--prefer-offline", ...filters];
  return run(`Installing the dependencies (${packageManager})`, pnpmCommand(args), options);
}

/** Builds the whole workspace, or `packageName` and what it needs. */
export function build(packageName, options) {
  const filters = packageName === undefined ? [] : [`--filter=${packageName}`];
  const args = ["exec", "turbo", "run", "build", "--continue", ...filters];
  return run("Building", pnpmCommand(args), options);
}
