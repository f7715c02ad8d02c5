import type { ThreadSettingsUpdateParams } from "@openai/codex-types";

import { InvalidOptionError } from "../../errors.js";
import { checkJson } from "../../internal/checkJson.js";
import { checkRequiredOptions, checkTexts, checkText, optionsOf } from "../../internal/validate.js";
import { REQUEST_CHECKS, type RequestOptions } from "../../rpc/requestOptions.js";
import { type ApprovalMode, toApprovalFields } from "../approvals/approvalMode.js";
import {
  checkEnvironments,
  type EnvironmentOptions,
  toEnvironmentFields,
} from "../environments/environmentSelection.js";
import { checkSandbox, type SandboxOptions } from "../sandbox.js";
import type { ThreadOpener } from "../threadOpener.js";
import { waitWithin } from "../timeLimit.js";
import { definedOnly, type WireOptions } from "../wireOptions.js";
import { updateSettings } from "./applySettings.js";
import { asksForPolicy, toCheckedPolicy } from "./checkedPolicy.js";
import { withFolders } from "./checkFolder.js";
import { checkSettingOptions } from "./checkSettingOptions.js";
import { askedSettings } from "./compareSettings.js";

/** Wire fields that the high-level API gives another form. */
type Routed =
  | "environments"
  | "threadId"
  | "approvalPolicy"
  | "approvalsReviewer"
  | "sandboxPolicy";

/** Options of `Thread.updateSettings` (`thread/settings/update`). An omitted option keeps the setting. */
export interface UpdateSettingsOptions
  extends
    WireOptions<ThreadSettingsUpdateParams, Routed>,
    SandboxOptions,
    EnvironmentOptions,
    RequestOptions {
  /** Reviewer of what goes beyond the sandbox. */
  readonly approvalMode?: ApprovalMode | undefined;
}

const UPDATE_OPTIONS = optionsOf<UpdateSettingsOptions>({
  ...REQUEST_CHECKS,
  approvalMode: true,
  sandbox: checkSandbox,
  networkAccess: true,
  additionalDirectories: checkTexts,
  permissions: true,
  model: orNull(checkText),
  effort: orNull(checkText),
  summary: true,
  cwd: true,
  serviceTier: orNull(checkText),
  personality: true,
  collaborationMode: checkJson,
  multiAgentMode: true,
  disabledPluginIds: true,
  environments: checkEnvironments,
});

/**
 * Changes settings of a thread. See `Thread.updateSettings`.
 *
 * @throws InvalidOptionError before anything is sent; SettingsNotAppliedError.
 */
export async function updateThreadSettings(
  opener: ThreadOpener,
  threadId: string,
  given: UpdateSettingsOptions,
): Promise<void> {
  checkRequiredOptions("updateSettings", given, UPDATE_OPTIONS);
  const options = withFolders(opener.runtime, given);
  const sandbox = checkSettingOptions(opener.runtime, options);
  const {
    approvalMode,
    sandbox: _sandbox,
    networkAccess: _networkAccess,
    additionalDirectories: _additionalDirectories,
    signal: _signal,
    timeoutMs: _timeoutMs,
    environments,
    ...rest
  } = options;
  const fields = definedOnly({
    ...rest,
    ...toApprovalFields({ approvalMode }),
    ...toEnvironmentFields({ environments }),
  });
  if (Object.keys(fields).length === 0 && !asksForPolicy(sandbox)) {
    throw new InvalidOptionError("options", "updateSettings expects at least one setting.");
  }
  const asked = askedSettings({ ...fields, ...sandbox }, { ...options, ...sandbox });
  await waitWithin("thread/settings/update", options, async (signal) => {
    // In this tick, if the thread is open: a turn that is started behind this call waits for the change.
    if (!opener.isSubscribed(threadId)) await opener.subscribe(threadId, signal);
    await opener.updates.run(threadId, async () => {
      signal?.throwIfAborted();
      const policy = asksForPolicy(sandbox)
        ? { sandboxPolicy: await toCheckedPolicy(opener, threadId, sandbox) }
        : {};
      signal?.throwIfAborted();
      await updateSettings(opener, { threadId, ...fields, ...policy }, asked, { signal });
    });
  });
}

function orNull(check: (name: string, value: unknown) => void) {
  return (name: string, value: unknown) => {
    if (value !== null) check(name, value);
  };
}
