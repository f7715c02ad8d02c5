import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { packPackage } from "@codex-tools/npm";
import { run } from "@codex-tools/process";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const PACKAGES = ["codex", "codex-cli-bin", "codex-types"];

/** Our packages as they are published, installed in a temporary folder. */
export interface InstalledPackages extends AsyncDisposable {
  /** Folder that has the `node_modules`. */
  readonly folder: string;
}

/** Packs our packages and unpacks them into a temporary folder. */
export async function installOwnPackages(): Promise<InstalledPackages> {
  const folder = await mkdtemp(join(tmpdir(), "codex-bench-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    for (const name of PACKAGES) {
      const target = join(folder, "node_modules", "@openai", name);
      // oxlint-disable-next-line no-await-in-loop
      await mkdir(target, { recursive: true });
      const tarball = `${name}.tgz`;
      // oxlint-disable-next-line no-await-in-loop
      await packPackage(join(root, "packages", name), join(folder, tarball));
      const args = ["-xzf", tarball, "-C", join("node_modules", "@openai", name)];
      // oxlint-disable-next-line no-await-in-loop
      await run(["tar"], [...args, "--strip-components=1"], { cwd: folder });
    }
    return { folder, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
