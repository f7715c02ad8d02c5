import type { SandboxPolicy } from "@openai/codex-types";

import { SettingsNotAppliedError } from "../../errors/settingsErrors.js";
import { askedSettings, type AskedSandbox, compareSettings } from "./compareSettings.js";
import { toPolicy } from "./sandboxPolicy.js";
import type { SettingsServices } from "./settingsServices.js";

/** Returns whether options change the sandbox. */
export function asksForPolicy(asked: AskedSandbox): boolean {
  return Object.values(asked).some((value) => value !== undefined);
}

/**
 * Builds the sandbox policy for options from the thread's own policy, and checks that it has what was
 * asked for. `null` keeps the thread's.
 *
 * @throws SettingsNotAppliedError when the thread's sandbox cannot have what was asked for.
 */
export async function toCheckedPolicy(
  services: SettingsServices,
  threadId: string,
  asked: AskedSandbox,
): Promise<SandboxPolicy | null> {
  const policy = await toPolicy(services, threadId, asked);
  if (policy === undefined) return null;
  const stored = services.settings.get(threadId);
  const wanted = askedSettings({ sandbox: asked.sandbox }, asked);
  const [difference] = compareSettings(wanted, { ...stored, sandboxPolicy: policy }, false);
  if (difference !== undefined) {
    throw new SettingsNotAppliedError(threadId, services.runtime.secrets.maskIn(difference));
  }
  return policy;
}
