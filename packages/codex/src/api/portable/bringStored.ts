import { join } from "node:path";

import { OWN_LIMIT } from "../../client/ownRequests.js";
import { InvalidOptionError, ThreadConflictError } from "../../errors.js";
import { createDeferred } from "../../internal/deferred.js";
import { fs } from "../../internal/fileSystem.js";
import { errnoOf } from "../../internal/paths.js";
import { threadIdOf } from "../../router/routingKeys.js";
import { toFolder } from "../settings/checkFolder.js";
import type { SettingsServices } from "../settings/settingsServices.js";
import { passesWithin } from "../turns/interruptTurn.js";
import { placeFiles } from "./placeFiles.js";
import { takeIn, toStoredSettings } from "./restoreCarried.js";
import { readRollout, type RolloutFacts } from "./rollout.js";
import { homeOf } from "./rolloutFile.js";
import type { CarriedSettings, ThreadBundle } from "./threadBundle.js";

/** Longest wait for the report of a deletion, in milliseconds. */
const REPORT_WAIT_MS = 1000;

/** Options of `bringStored`. */
export interface BringOptions {
  /** Working directory that the caller asked for. */
  readonly cwd: string | undefined;
  /** True if this home has a branch of the thread that was given up: its lease was lost. */
  readonly isOutdated: boolean;
}

/**
 * Brings the home to what is stored of a thread, before a resume: a home without the thread, or with an earlier
 * state of it, gets the stored one; a later state stays. Returns whether the stored one was put there.
 *
 * @throws ThreadConflictError when the home has turns that are not stored, and lacks some that are.
 */
export async function bringStored(
  opener: SettingsServices,
  bundle: ThreadBundle,
  { cwd, isOutdated }: BringOptions,
): Promise<boolean> {
  const { threadId, settings, files } = bundle.manifest;
  const home = await homeOf(opener.runtime, threadId);
  const path = files.at(-1)?.path ?? "";
  const stored = bundle.contents[path] ?? "";
  const local = await readText(join(home, path));
  const keepsLocal = local !== undefined && !isOutdated && local.startsWith(stored);
  const folder = toFolder(opener.runtime, "cwd", folderOf(opener, settings, cwd));
  if (!keepsLocal) {
    if (local !== undefined) await makeRoom(opener, threadId, path, { local, stored, isOutdated });
    const placed = await placeFiles(home, bundle);
    try {
      await takeIn(opener, bundle, undefined);
    } catch (error) {
      await placed.remove();
      throw error;
    }
  }
  const isKnown = opener.settings.get(threadId) ?? opener.settings.unloaded(threadId);
  if (!keepsLocal || isKnown === undefined) {
    const own = keepsLocal && local.length > stored.length ? lastSettingsOf(local) : {};
    opener.settings.noteCarried(threadId, toStoredSettings({ ...settings, ...own }, folder));
  }
  return !keepsLocal;
}

/** The folder that was asked for, the thread's own, or where that does not exist, the client's. */
function folderOf(
  { runtime }: SettingsServices,
  settings: CarriedSettings,
  cwd: string | undefined,
): string {
  if (cwd !== undefined) return cwd;
  if (!runtime.connector.isLocal || fs.existsSync(settings.cwd)) return settings.cwd;
  if (runtime.options.cwd !== undefined) return runtime.options.cwd;
  throw new InvalidOptionError(
    "cwd",
    `the stored thread's ${JSON.stringify(settings.cwd)} does not exist here; pass cwd to resumeThread, or to new Codex().`,
  );
}

/** Has the runtime forget an earlier state of the thread, with its file. */
async function makeRoom(
  { runtime }: SettingsServices,
  threadId: string,
  path: string,
  {
    local,
    stored,
    isOutdated,
  }: { readonly local: string; readonly stored: string; readonly isOutdated: boolean },
): Promise<void> {
  const turns = new Set(factsOf(stored)?.endedTurns);
  const own = factsOf(local)?.endedTurns;
  const isEarlier = own?.every((turn) => turns.has(turn)) === true;
  if (!isOutdated && !isEarlier) throw new ThreadConflictError(threadId, path);
  const forgotten = createDeferred<void>();
  const stop = runtime.router.observers.add(["thread/deleted"], ({ params }) => {
    if (threadIdOf(params) === threadId) forgotten.resolve();
  });
  try {
    await runtime.dispatch("thread/delete", { threadId }, OWN_LIMIT);
    // The end of the earlier state must not be taken for that of the stored one.
    await passesWithin(forgotten.promise, REPORT_WAIT_MS);
  } catch (cause) {
    throw new ThreadConflictError(threadId, path, { cause });
  } finally {
    stop();
  }
}

/** The settings of turns that ended here and were not saved: the stored ones may be wider. */
function lastSettingsOf(local: string): Partial<CarriedSettings> {
  const context = factsOf(local.slice(0, local.lastIndexOf("\n") + 1))?.context;
  if (context?.sandboxPolicy === undefined || context.approvalPolicy === undefined) return {};
  const { sandboxPolicy, permissions, approvalPolicy, approvalsReviewer } = context;
  return { sandboxPolicy, permissions, approvalPolicy, approvalsReviewer };
}

function factsOf(text: string): RolloutFacts | undefined {
  const facts = readRollout(text.slice(0, text.lastIndexOf("\n") + 1), false);
  return typeof facts === "string" ? undefined : facts;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await fs.promises.readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
