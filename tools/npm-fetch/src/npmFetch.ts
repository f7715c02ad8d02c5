import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { npmCommand, run } from "./run.js";

/**
 * Fetches a published package, `name@version`, with the npm of the PATH, and unpacks it into `folder`,
 * which is made. Returns the folder of the package's files. Nothing stays in npm's own cache: the
 * packages that this is for are large, and used once.
 */
export async function fetchPackage(spec: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const cache = join(folder, ".npm-cache");
  try {
    await run(npmCommand(), [
      "pack",
      spec,
      "--loglevel=error",
      "--cache",
      cache,
      "--pack-destination",
      folder,
    ]);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  const [tarball] = tarballs;
  if (tarball === undefined || tarballs.length > 1) {
    throw new Error(`npm pack ${spec} left ${tarballs.length} tarballs in ${folder}, not one.`);
  }
  // By a relative name: some tars take the colon of a Windows path for the end of a host's name.
  await run(["tar"], ["-xzf", tarball], folder);
  await rm(join(folder, tarball));
  return join(folder, "package");
}
