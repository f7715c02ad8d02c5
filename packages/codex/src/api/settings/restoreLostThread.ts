import type { KeyedQueue } from "../../internal/keyedQueue.js";
import { applySettings } from "./applySettings.js";
import { askedSettings } from "./compareSettings.js";
import { restoreSettings } from "./inheritSettings.js";
import type { SettingsServices } from "./settingsServices.js";
import { settingsOfResponse } from "./storedSettings.js";

/**
 * Gives a thread of a connection that was lost the settings that it had: the runtime may have unloaded it
 * meanwhile, or been started anew. Until that has succeeded, the next turn resumes the thread itself, and
 * fails where the settings cannot be restored. Call it in the tick in which the response is read.
 */
export function restoreLostThread(
  services: SettingsServices & { readonly updates: KeyedQueue },
  threadId: string,
  response: Readonly<Record<string, unknown>>,
): void {
  const { settings, updates } = services;
  const had = settings.get(threadId);
  settings.note(threadId, settingsOfResponse(response));
  if (had === undefined) return;
  settings.noteUnloaded(threadId, had);
  const asked = restoreSettings(askedSettings({}, {}), had, {});
  updates
    .run(threadId, () => applySettings(services, threadId, asked, {}))
    .then(
      () => settings.noteRestored(threadId),
      () => {},
    );
}
