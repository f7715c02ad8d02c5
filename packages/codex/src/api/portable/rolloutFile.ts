import { isAbsolute, relative, sep } from "node:path";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { InvalidOptionError, ThreadNotPortableError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { errnoOf } from "../../internal/paths.js";
import { realFolder } from "../settings/checkFolder.js";
import { threadIdOfPath } from "./checkBundle.js";

/** A rollout as it stands on the disk of this machine. */
export interface RolloutFile {
  /** Path below the home, as a bundle has it. */
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Refuses a client that may not use the methods by which sub-agents are found and settings are restored.
 *
 * @throws InvalidOptionError
 */
export function checkCanCarry({ options }: RuntimeClient, name: string): void {
  if (options.experimentalApi !== false) return;
  throw new InvalidOptionError(
    "experimentalApi",
    `cannot be false for ${name}, which needs the runtime's experimental methods; leave it out.`,
  );
}

/** Returns the home of the runtime, without links. Starts the runtime. */
export async function homeOf(runtime: RuntimeClient, threadId: string): Promise<string> {
  await runtime.start();
  const { codexHome } = runtime.metadata;
  if (codexHome !== undefined) return realFolder(codexHome);
  throw new ThreadNotPortableError(threadId, "the runtime does not report its home.");
}

/**
 * Reads the rollout of a thread, which the runtime names by its path. An archived one gets the path that it
 * has when it is not archived.
 *
 * @throws ThreadNotPortableError for a rollout that is not on this machine, or not in the home.
 */
export async function readRolloutFile(
  home: string,
  threadId: string,
  path: string | null,
): Promise<RolloutFile> {
  if (path === null) {
    throw new ThreadNotPortableError(threadId, "it is ephemeral: the runtime does not store it.");
  }
  const below = relative(home, realFolder(path));
  const name = below.split(sep).at(-1) ?? "";
  const day = /^rollout-(\d{4})-(\d{2})-(\d{2})T/u.exec(name);
  const bundled = `sessions/${day?.slice(1).join("/")}/${name}`;
  const isInHome = !isAbsolute(below) && /^(?:archived_)?sessions[/\\]/u.test(below);
  let bytes: Buffer;
  try {
    bytes = await fs.promises.readFile(path);
  } catch (cause) {
    const reason = `its rollout ${path} cannot be read on this machine (${errnoOf(cause)}); it has no turn yet, or the runtime runs on another machine: export there.`;
    throw new ThreadNotPortableError(threadId, reason, { cause });
  }
  if (isInHome && threadIdOfPath(bundled) === threadId) return { path: bundled, bytes };
  throw new ThreadNotPortableError(
    threadId,
    `${path} is not the rollout of this thread in ${home}.`,
  );
}
