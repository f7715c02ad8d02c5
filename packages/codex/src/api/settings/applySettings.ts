import type { SandboxPolicy, ThreadSettingsUpdateParams } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { type SettingDifference, SettingsNotAppliedError } from "../../errors/settingsErrors.js";
import { isObject } from "../../internal/isObject.js";
import { type AskedSettings, compareSettings } from "./compareSettings.js";
import { settingsOfResponse, type StoredSettings } from "./storedSettings.js";
import type { ThreadSettingsStore } from "./threadSettingsStore.js";

/** Services that bring the settings of a thread in line. */
export interface SettingsServices {
  readonly runtime: RuntimeClient;
  readonly settings: ThreadSettingsStore;
}

/**
 * Checks that a new thread has the settings that were asked for. A runtime that has not taken one over
 * at the start does not take it over later.
 *
 * @throws SettingsNotAppliedError
 */
export function checkSettings(
  services: SettingsServices,
  threadId: string,
  asked: AskedSettings,
): void {
  const [difference] = differencesOf(services, threadId, asked);
  if (difference !== undefined) {
    throw new SettingsNotAppliedError(threadId, services.runtime.secrets.maskIn(difference));
  }
}

/**
 * Brings a thread to the settings that were asked for: a thread that the runtime has loaded ignores the
 * options of `thread/resume`, and a fork loses some of them. Changes what differs
 * (`thread/settings/update`), and reads the result.
 *
 * @throws SettingsNotAppliedError when a difference remains.
 */
export async function applySettings(
  services: SettingsServices,
  threadId: string,
  asked: AskedSettings,
): Promise<void> {
  const differences = differencesOf(services, threadId, asked);
  if (differences.length === 0) return;
  const update = await toUpdate(services, threadId, asked, differences);
  await services.runtime.request("thread/settings/update", update);
  // The notification of a change may precede the response, or follow it.
  if (differencesOf(services, threadId, asked).length > 0) await rereadSettings(services, threadId);
  checkSettings(services, threadId, asked);
}

/** Reads the settings that the runtime has stored for a loaded thread (`thread/resume`). */
async function rereadSettings(services: SettingsServices, threadId: string): Promise<void> {
  const params = { threadId, excludeTurns: true };
  await services.runtime.dispatch("thread/resume", params, {
    onResult: (response) => {
      if (isObject(response)) services.settings.note(threadId, settingsOfResponse(response));
    },
  });
}

function differencesOf(
  { runtime, settings }: SettingsServices,
  threadId: string,
  asked: AskedSettings,
): SettingDifference[] {
  const folder = runtime.ownsRuntime ? folderOf(runtime) : undefined;
  return compareSettings(asked, settings.get(threadId) ?? {}, folder);
}

/** The working directory of the runtime's process. */
function folderOf({ options }: RuntimeClient): string {
  return options.cwd ?? process.cwd();
}

async function toUpdate(
  services: SettingsServices,
  threadId: string,
  asked: AskedSettings,
  differences: readonly SettingDifference[],
): Promise<ThreadSettingsUpdateParams> {
  const differing = new Set(differences.map(({ option }) => option));
  const { approvalOption, sandbox, ...rest } = asked;
  const policy =
    differing.has("sandbox") && sandbox !== undefined
      ? { sandboxPolicy: await toPolicy(services, threadId, sandbox) }
      : {};
  const wanted = Object.entries({
    permissions: [rest.permissions, differing.has("permissions")],
    approvalPolicy: [rest.approvalPolicy, differing.has(approvalOption)],
    approvalsReviewer: [rest.approvalsReviewer, differing.has(approvalOption)],
    model: [rest.model, differing.has("model")],
    effort: [rest.effort, differing.has("config.model_reasoning_effort")],
    cwd: [rest.cwd, differing.has("cwd")],
  } as const).flatMap(([name, [value, isWanted]]) =>
    isWanted && value !== undefined ? [[name, value] as const] : [],
  );
  return { threadId, ...policy, ...Object.fromEntries(wanted) };
}

/**
 * The policy of a preset for one thread. The roots and the network access of `workspace-write` are the
 * thread's where it has them, and otherwise the configuration's, as for a new thread.
 */
async function toPolicy(
  { runtime, settings }: SettingsServices,
  threadId: string,
  sandbox: string,
): Promise<SandboxPolicy> {
  if (sandbox === "danger-full-access") return { type: "dangerFullAccess" };
  if (sandbox !== "workspace-write") return { type: "readOnly", networkAccess: false };
  const { sandboxPolicy, cwd } = settings.get(threadId) ?? ({} satisfies StoredSettings);
  if (sandboxPolicy?.type === "workspaceWrite") return sandboxPolicy;
  const { config } = await runtime.request("config/read", cwd === undefined ? {} : { cwd });
  const configured = config.sandbox_workspace_write;
  return {
    type: "workspaceWrite",
    writableRoots: configured?.writable_roots ?? [],
    networkAccess: configured?.network_access ?? false,
    excludeTmpdirEnvVar: configured?.exclude_tmpdir_env_var ?? false,
    excludeSlashTmp: configured?.exclude_slash_tmp ?? false,
  };
}
