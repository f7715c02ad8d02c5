import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { ReleaseError } from "./releaseError.js";

/** Where a folder is built before it takes its place. */
export interface Workplace {
  /** Empty; becomes the folder if all goes well. */
  readonly folder: string;
  /** Empty; on the same file system, removed in any case. */
  readonly scratch: string;
}

/**
 * Builds a folder as a whole or not at all: in a workplace beside `out`, which is renamed at the end.
 * An earlier result at `out` is replaced; anything else that stands there is left alone.
 *
 * @param marker A file that an earlier result has, and a stranger's folder has not.
 * @throws ReleaseError `INVALID_ARGUMENT` if `out` is something that this tool did not make.
 */
export async function replaceFolder<T>(
  out: string,
  marker: { readonly file: string; readonly isOurs: (path: string) => boolean },
  build: (workplace: Workplace) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  if (existsSync(target)) {
    const isEmpty = (await readdir(target)).length === 0;
    const mark = join(target, marker.file);
    if (!isEmpty && !(existsSync(mark) && marker.isOurs(mark))) {
      throw new ReleaseError(
        "INVALID_ARGUMENT",
        `${target} exists and was not made by this command, so it is not replaced. Name another folder, or remove it.`,
      );
    }
  }
  await mkdir(dirname(target), { recursive: true });
  const root = await mkdtemp(join(dirname(target), `.${basename(target)}-staging-`));
  try {
    const workplace = { folder: join(root, "folder"), scratch: join(root, "scratch") };
    await mkdir(workplace.folder);
    await mkdir(workplace.scratch);
    const result = await build(workplace);
    if (existsSync(target)) await rename(target, join(root, "replaced"));
    await rename(workplace.folder, target);
    return result;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
