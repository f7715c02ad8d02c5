import { readdir, readFile } from "node:fs/promises";

/**
 * The command lines of every process of this machine that runs with this `CODEX_HOME`: a harness's
 * runtime and what it started. Reads `/proc`, which Linux alone has.
 */
export async function runtimeCommandLines(codexHome: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(pids.map((pid) => commandLineOf(pid, codexHome)));
  return lines.filter((line) => line !== undefined);
}

async function commandLineOf(pid: string, codexHome: string): Promise<string | undefined> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    if (!environment.split("\0").includes(`CODEX_HOME=${codexHome}`)) return undefined;
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ").trim();
  } catch {
    // Gone meanwhile, or another user's.
    return undefined;
  }
}
