import type { RuntimeClient } from "../../client/runtimeClient.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import { threadIdOf } from "../../router/routingKeys.js";
import { CLOSING_METHODS } from "../../router/threadEvents.js";
import { settingsOfNotification, type StoredSettings } from "./storedSettings.js";

/**
 * The settings of the threads that this client has opened, as the runtime reports them: by responses
 * and by `thread/settings/updated`. An entry ends with its thread (`thread/closed`, `thread/deleted`).
 */
export class ThreadSettingsStore {
  readonly #entries = new Map<string, StoredSettings>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(runtime: RuntimeClient) {
    const { observers } = runtime.router;
    observers.add(CLOSING_METHODS, ({ params }) => this.#entries.delete(threadIdOf(params) ?? ""));
    observers.add(["thread/settings/updated"], ({ params }) => {
      const threadId = threadIdOf(params) ?? "";
      if (this.#entries.has(threadId)) this.note(threadId, settingsOfNotification(params));
    });
    runtime.gauges.set("threadSettings", () => this.#entries.size);
  }

  /** The settings of the thread; `undefined` for one that this client has not opened. */
  get(threadId: string): StoredSettings | undefined {
    return this.#entries.get(threadId);
  }

  /** Takes over what the runtime reports; a member that a report lacks stays as it was. */
  note(threadId: string, settings: StoredSettings): void {
    this.#entries.set(threadId, { ...this.#entries.get(threadId), ...settings });
    for (const wake of this.#waiters.get(threadId) ?? []) wake();
  }

  /** Resolves with the next report about the thread, and at the latest after `ms`. */
  nextReport(threadId: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(threadId) ?? new Set();
      this.#waiters.set(threadId, waiters);
      const end = () => {
        clearTimeout(timer);
        waiters.delete(end);
        if (waiters.size === 0 && this.#waiters.get(threadId) === waiters) {
          this.#waiters.delete(threadId);
        }
        resolve();
      };
      const timer = setTimeout(end, ms);
      waiters.add(end);
    });
  }
}
