import type { RuntimeClient } from "../../client/runtimeClient.js";
import type { ThreadSettingsStore } from "./threadSettingsStore.js";

/** Services that bring the settings of a thread in line. */
export interface SettingsServices {
  readonly runtime: RuntimeClient;
  readonly settings: ThreadSettingsStore;
}
