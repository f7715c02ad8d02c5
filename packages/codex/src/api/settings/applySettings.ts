import type { ThreadSettingsUpdateParams } from "@openai/codex-types";

import { type SettingDifference, SettingsNotAppliedError } from "../../errors/settingsErrors.js";
import { raceAbort } from "../../internal/abort.js";
import { isObject } from "../../internal/isObject.js";
import type { RequestOptions } from "../../rpc/requestOptions.js";
import { toCheckedPolicy } from "./checkedPolicy.js";
import { type AskedSettings, compareSettings } from "./compareSettings.js";
import type { SettingsServices } from "./settingsServices.js";
import { type KeptSettings, settingsOfResponse } from "./storedSettings.js";

// An import of the SDK loads no module of Node that it does not need.
const util = process.getBuiltinModule("node:util");

/** Longest delay of the report of a change after the response to it, in milliseconds. */
const REPORT_WAIT_MS = 1000;

/**
 * Checks that a thread has the settings that were asked for.
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
 * Checks that a thread from another home has its sandbox and its approval policy here, unless others were
 * asked for. What the runtime does not report counts as a difference.
 *
 * @throws SettingsNotAppliedError
 */
export function checkCarriedSettings(
  services: SettingsServices,
  threadId: string,
  asked: AskedSettings,
  had: KeptSettings,
): void {
  checkSettings(services, threadId, asked);
  const effective = services.settings.get(threadId) ?? {};
  const isKept = asked.sandboxPolicy !== undefined || asked.permissions === had.permissions;
  const wanted = [
    ["sandbox", isKept ? had.sandboxPolicy : undefined, effective.sandboxPolicy],
    ["permissions", asked.permissions, effective.permissions],
    ["approvalMode", asked.approvalPolicy, effective.approvalPolicy],
    ["approvalMode", asked.approvalsReviewer, effective.approvalsReviewer],
  ] as const;
  for (const [option, value, reported] of wanted) {
    if (value === undefined || util.isDeepStrictEqual(value, reported)) continue;
    const difference = { option, asked: value, effective: reported };
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
  options: RequestOptions,
): Promise<void> {
  const { settings } = services;
  const differences = differencesOf(services, threadId, asked);
  // No response reports the summary, so that a fork's has to be set to be known.
  const isUnknown = asked.summary !== undefined && settings.get(threadId)?.summary === undefined;
  const isUnlike = isUnknown || isOtherTier(services, threadId, asked);
  if (differences.length === 0 && !isUnlike) return;
  const update = await toUpdate(services, threadId, asked, differences);
  await updateSettings(services, update, asked, options);
}

/**
 * Sends a change of settings (`thread/settings/update`), waits for the report of it, and compares.
 *
 * @throws SettingsNotAppliedError when a difference remains.
 */
export async function updateSettings(
  services: SettingsServices,
  update: ThreadSettingsUpdateParams,
  asked: AskedSettings,
  options: RequestOptions,
): Promise<void> {
  const { threadId } = update;
  const hasDifference = () => differencesOf(services, threadId, asked).length > 0;
  const isReported = () => !hasDifference() && !isOtherTier(services, threadId, asked);
  await services.runtime.request("thread/settings/update", update, options);
  // The notification of a change may precede the response, or follow it; a change to what the thread
  // has already is not reported.
  if (!isReported()) await services.settings.nextReport(threadId, REPORT_WAIT_MS);
  if (hasDifference()) await rereadSettings(services, threadId, options);
  checkSettings(services, threadId, asked);
}

/** Reads the settings that the runtime has stored for a loaded thread (`thread/resume`). */
async function rereadSettings(
  { runtime, settings }: SettingsServices,
  threadId: string,
  options: RequestOptions,
): Promise<void> {
  const onResult = (response: unknown) => {
    if (isObject(response)) settings.note(threadId, settingsOfResponse(response));
  };
  const params = { threadId, excludeTurns: true };
  // A thread without a turn cannot be resumed: what the runtime has reported counts then.
  await runtime.dispatch("thread/resume", params, { ...options, onResult }).catch(() => {});
  await raceAbort(runtime.threadStates.activeTurns.named(threadId), options.signal);
  options.signal?.throwIfAborted();
}

function differencesOf(
  { runtime, settings }: SettingsServices,
  threadId: string,
  asked: AskedSettings,
): SettingDifference[] {
  return compareSettings(asked, settings.get(threadId) ?? {}, runtime.connector.isLocal);
}

/** Returns whether the tier has another name than the one asked for, which may be another name for it. */
function isOtherTier(
  { settings }: SettingsServices,
  threadId: string,
  { serviceTier }: AskedSettings,
): boolean {
  return serviceTier !== undefined && settings.get(threadId)?.serviceTier !== serviceTier;
}

const SANDBOX_OPTIONS = ["sandbox", "networkAccess", "additionalDirectories"];

async function toUpdate(
  services: SettingsServices,
  threadId: string,
  asked: AskedSettings,
  differences: readonly SettingDifference[],
): Promise<ThreadSettingsUpdateParams> {
  const differing = new Set(differences.map(({ option }) => option));
  const { approvalOption, effortOption, sandboxPolicy: inherited, ...rest } = asked;
  const isOtherSandbox = SANDBOX_OPTIONS.some((option) => differing.has(option));
  const policy = isOtherSandbox
    ? (inherited ?? (await toCheckedPolicy(services, threadId, asked)))
    : undefined;
  const wanted = Object.entries({
    sandboxPolicy: [policy, true],
    permissions: [rest.permissions, differing.has("permissions")],
    approvalPolicy: [rest.approvalPolicy, differing.has(approvalOption)],
    approvalsReviewer: [rest.approvalsReviewer, differing.has(approvalOption)],
    model: [rest.model, differing.has("model")],
    serviceTier: [rest.serviceTier, true],
    effort: [rest.effort, differing.has(effortOption)],
    summary: [rest.summary, true],
    cwd: [rest.cwd, differing.has("cwd")],
  } as const).flatMap(([name, [value, isWanted]]) =>
    isWanted && value !== undefined ? [[name, value] as const] : [],
  );
  return { threadId, ...Object.fromEntries(wanted) };
}
