import { pnpmCommand, run } from "@codex-tools/process";

/** Packs the package in `folder` into the file `tarball`, with workspace references resolved. */
export async function packPackage(folder: string, tarball: string): Promise<void> {
  await run(pnpmCommand(), ["pack", "--out", tarball], { cwd: folder });
}
