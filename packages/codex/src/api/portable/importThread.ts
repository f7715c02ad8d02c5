import { isAbsolute, relative } from "node:path";

import { OWN_LIMIT } from "../../client/ownRequests.js";
import { ThreadNotPortableError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { checkOptions, checkPath, optionsOf } from "../../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../../rpc/requestOptions.js";
import { JsonRpcError, ThreadNotFoundError } from "../../rpc/rpcErrors.js";
import { realFolder, toFolder } from "../settings/checkFolder.js";
import type { StoredSettings } from "../settings/storedSettings.js";
import type { ThreadOpener } from "../threadOpener.js";
import { TimeLimit } from "../timeLimit.js";
import { toCheckedBundle } from "./checkBundle.js";
import { placeFiles } from "./placeFiles.js";
import { readRollout } from "./rollout.js";
import { checkCanCarry, homeOf } from "./rolloutFile.js";
import type { BundleFile, CarriedSettings, ThreadBundle, ThreadManifest } from "./threadBundle.js";

/** The options of `importThread`. */
export interface ImportThreadOptions extends RequestOptions {
  /** Working directory of commands, which must exist. Defaults to the one that the thread had. */
  readonly cwd?: string | undefined;
}

const IMPORT_OPTIONS = optionsOf<ImportThreadOptions>({ ...REQUEST_CHECKS, cwd: checkPath });

/** Imports a thread and resumes it. See `Codex.importThread`. */
export async function importThread(
  opener: ThreadOpener,
  given: unknown,
  options: ImportThreadOptions,
): Promise<string> {
  checkOptions("importThread", options, IMPORT_OPTIONS);
  checkCanCarry(opener.runtime, "importThread");
  const bundle = toCheckedBundle(given);
  const { threadId, settings } = bundle.manifest;
  const cwd = toFolder(opener.runtime, "cwd", options.cwd ?? settings.cwd);
  options.signal?.throwIfAborted();
  const limit = new TimeLimit("importThread", options);
  const { signal } = limit;
  try {
    const home = await raceAbort(homeOf(opener.runtime, threadId), signal);
    const placed = await placeFiles(home, bundle);
    try {
      signal?.throwIfAborted();
      opener.settings.noteCarried(threadId, toStoredSettings(settings, cwd));
      await takeIn(opener, bundle, signal);
      await opener.resume(threadId, { cwd, signal });
      await restoreFacts(opener, bundle.manifest, signal);
      return threadId;
    } catch (error) {
      opener.settings.noteRestored(threadId);
      await discard(opener, placed.newThreads);
      await placed.remove();
      throw toImportError(threadId, home, error);
    }
  } finally {
    limit.end();
  }
}

/** Returns the settings that a carried thread is to have in a folder here. */
export function toStoredSettings(settings: CarriedSettings, cwd: string): StoredSettings {
  const { modelProvider, approvalsReviewer, sandboxPolicy, ...others } = settings;
  return {
    ...others,
    cwd,
    sandboxPolicy: toPolicyIn(sandboxPolicy, cwd),
    ...(modelProvider === null ? {} : { modelProvider }),
    ...(approvalsReviewer === null ? {} : { approvalsReviewer }),
  };
}

/**
 * Has the runtime take in the files that it did not write, before those that build on them: it lists the
 * sub-agents of a thread only once they have been read, and the items of a base once that has been loaded.
 */
export async function takeIn(
  { runtime }: ThreadOpener,
  { manifest, contents }: ThreadBundle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const basesOf = ({ path }: BundleFile) => {
    const facts = readRollout(contents[path] ?? "", false);
    return typeof facts === "string" || facts.base === undefined ? [] : [facts.base.threadId];
  };
  const bases = new Set(manifest.files.flatMap(basesOf));
  const canExclude = runtime.options.experimentalApi ?? true;
  for (const { threadId } of manifest.files.slice(0, -1)) {
    const params = { threadId, includeTurns: false };
    // oxlint-disable-next-line no-await-in-loop
    await runtime.dispatch("thread/read", params, { signal });
    if (!bases.has(threadId)) continue;
    // Nobody asked for this thread: while it is loaded it may not write.
    const resume = {
      threadId,
      sandbox: "read-only",
      ...(canExclude ? { excludeTurns: true } : {}),
    };
    // oxlint-disable-next-line no-await-in-loop
    await runtime.dispatch("thread/resume", resume, { signal });
    // oxlint-disable-next-line no-await-in-loop
    await runtime.dispatch("thread/unsubscribe", { threadId }, { signal });
  }
}

/** Restores what no resume does: the name and the goal. */
export async function restoreFacts(
  { runtime }: ThreadOpener,
  { threadId, name, goal }: ThreadManifest,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (name !== null) await runtime.request("thread/name/set", { threadId, name }, { signal });
  if (goal === null) return;
  // An active goal would start a turn at once.
  const status = goal.status === "active" ? "paused" : goal.status;
  const { objective, tokenBudget } = goal;
  const params = { threadId, objective, status, tokenBudget };
  await runtime.request("thread/goal/set", params, { signal });
}

/** The runtime leaves out writable roots inside of the working directory. */
function toPolicyIn(
  policy: CarriedSettings["sandboxPolicy"],
  cwd: string,
): CarriedSettings["sandboxPolicy"] {
  if (policy.type !== "workspaceWrite") return policy;
  const isInside = (root: string) => {
    const path = relative(realFolder(cwd), realFolder(root));
    return !path.startsWith("..") && !isAbsolute(path);
  };
  return {
    ...policy,
    writableRoots: (policy.writableRoots ?? []).filter((root) => !isInside(root)),
  };
}

/** Lets the runtime forget what it may have loaded, its database included. */
async function discard({ runtime }: ThreadOpener, threadIds: readonly string[]): Promise<void> {
  for (const threadId of threadIds.toReversed()) {
    try {
      // The thread first, then what its history builds on.
      // oxlint-disable-next-line no-await-in-loop
      await runtime.dispatch("thread/delete", { threadId }, OWN_LIMIT);
    } catch (error) {
      // A thread that the runtime does not know is gone; without a runtime nothing has to forget it.
      if (!(error instanceof JsonRpcError)) return;
    }
  }
}

function toImportError(threadId: string, home: string, error: unknown): unknown {
  if (!(error instanceof ThreadNotFoundError)) return error;
  const reason = `its runtime does not find the rollout in ${home} of this machine; import it on the machine of the runtime.`;
  return new ThreadNotPortableError(threadId, reason, { cause: error });
}
