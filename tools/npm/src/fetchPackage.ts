import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { npmCommand, run } from "@codex-tools/process";

/**
 * Downloads the published package `spec` (`name@version`) and unpacks it into `folder`, which is
 * created. Returns the folder with the package's files. Leaves nothing in npm's cache, because these
 * packages are large and used once.
 *
 * @throws Error with npm's output when the download fails.
 */
export async function fetchPackage(spec: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const cache = join(folder, ".npm-cache");
  const flags = ["--loglevel=error", "--cache", cache, "--pack-destination", folder];
  try {
    await run(npmCommand(), ["pack", spec, ...flags]);
  } finally {
    await rm(cache, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  const [tarball] = tarballs;
  if (tarball === undefined || tarballs.length > 1) {
    throw new Error(
      `npm pack ${spec} wrote ${tarballs.length} tarballs to ${folder} instead of 1.`,
    );
  }
  // The name is relative: some versions of tar read the colon of a Windows path as the end of a host name.
  await run(["tar"], ["-xzf", tarball], { cwd: folder });
  await rm(join(folder, tarball));
  return join(folder, "package");
}
