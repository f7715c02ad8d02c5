import { isAbsolute, relative } from "node:path";

import { realFolder } from "../settings/checkFolder.js";
import type { SettingsServices } from "../settings/settingsServices.js";
import type { StoredSettings } from "../settings/storedSettings.js";
import { readRollout } from "./rollout.js";
import type { BundleFile, CarriedSettings, ThreadBundle, ThreadManifest } from "./threadBundle.js";

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
  { runtime }: SettingsServices,
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
  { runtime }: SettingsServices,
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
