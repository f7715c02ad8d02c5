import { type Target, targets } from "@openai/codex-cli-bin/targets";

import { ReleaseError } from "./releaseError.js";

export { PLATFORM_PACKAGE_PREFIX, type Target, targets } from "@openai/codex-cli-bin/targets";

/** The platform named `id`, such as `linux-x64`. */
export function parsePlatform(id: string): Target {
  const target = targets.find((candidate) => candidate.id === id);
  if (target === undefined) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `${JSON.stringify(id)} is not a platform of the Codex runtime. There are: ${targets.map((known) => known.id).join(", ")}.`,
    );
  }
  return target;
}

/** A list of platforms with commas between them, or `all`; sorted, each once. */
export function parsePlatforms(list: string): readonly Target[] {
  if (list === "all") return targets;
  const wanted = new Set(list.split(",").map((id) => parsePlatform(id.trim())));
  return targets.filter((target) => wanted.has(target));
}

/** Returns whether programs built for `target` run on this machine. */
export function runsHere(target: Target): boolean {
  return target.os === process.platform && target.cpu === process.arch;
}
