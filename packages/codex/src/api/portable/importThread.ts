import { OWN_LIMIT } from "../../client/ownRequests.js";
import { ThreadNotPortableError } from "../../errors.js";
import { raceAbort } from "../../internal/abort.js";
import { checkOptions, checkPath, optionsOf, readGiven } from "../../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../../rpc/requestOptions.js";
import { JsonRpcError, ThreadNotFoundError } from "../../rpc/rpcErrors.js";
import { toFolder } from "../settings/checkFolder.js";
import type { ThreadOpener } from "../threadOpener.js";
import { TimeLimit } from "../timeLimit.js";
import { toCheckedBundle } from "./checkBundle.js";
import { placeFiles } from "./placeFiles.js";
import { restoreFacts, takeIn, toStoredSettings } from "./restoreCarried.js";
import { checkCanCarry, homeOf } from "./rolloutFile.js";

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
  const bundle = readGiven("bundle", () => toCheckedBundle(given));
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
      await opener.keeper?.stored(threadId);
      return threadId;
    } catch (error) {
      opener.settings.noteRestored(threadId);
      const undone = discard(opener, placed.newThreads).then(() => placed.remove());
      // A caller that has left does not wait until the runtime has forgotten the thread.
      await raceAbort(undone, signal).catch(() => {});
      throw toImportError(threadId, home, error);
    }
  } finally {
    limit.end();
  }
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
