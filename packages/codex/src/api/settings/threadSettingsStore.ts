import type { RuntimeClient } from "../../client/runtimeClient.js";
import { setBounded } from "../../internal/boundedMap.js";
import { clearTimeout, setTimeout } from "../../internal/timers.js";
import { threadIdOf } from "../../router/routingKeys.js";
import { ENDING_METHODS } from "../../router/threadEvents.js";
import {
  type KeptSettings,
  settingsOfNotification,
  type StoredSettings,
} from "./storedSettings.js";

/** Number of unloaded threads whose settings are kept. The oldest is dropped first. */
const MAX_UNLOADED = 10_000;

/**
 * The settings of the threads that this client has opened, as the runtime reports them: by responses
 * and by `thread/settings/updated`. An entry ends with its thread (`thread/closed`, `thread/archived`,
 * `thread/deleted`).
 */
export class ThreadSettingsStore {
  readonly #entries = new Map<string, StoredSettings>();
  /** The last settings of threads that were unloaded: the runtime does not restore all of them. */
  readonly #unloaded = new Map<string, KeptSettings>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(runtime: RuntimeClient) {
    const { observers } = runtime.router;
    observers.add(ENDING_METHODS, ({ method, params }) =>
      this.#end(threadIdOf(params) ?? "", method === "thread/deleted"),
    );
    observers.add(["thread/settings/updated"], ({ params }) => {
      const threadId = threadIdOf(params) ?? "";
      if (this.#entries.has(threadId)) this.note(threadId, settingsOfNotification(params));
    });
    runtime.gauges.set("threadSettings", () => this.#entries.size);
    runtime.gauges.set("unloadedSettings", () => this.#unloaded.size);
  }

  /** The settings of the thread; `undefined` for one that this client has not opened. */
  get(threadId: string): StoredSettings | undefined {
    return this.#entries.get(threadId);
  }

  /** The settings that a thread had when the runtime unloaded it, until `noteRestored`. */
  unloaded(threadId: string): KeptSettings | undefined {
    return this.#unloaded.get(threadId);
  }

  /** Keeps the settings that a thread from another home is to have, until `noteRestored`. */
  noteCarried(threadId: string, settings: StoredSettings): void {
    setBounded(this.#unloaded, threadId, { ...settings, isCarried: true }, MAX_UNLOADED);
  }

  /** Notes the settings that a thread had before the runtime unloaded it, unless others are to be restored yet. */
  noteUnloaded(threadId: string, settings: StoredSettings): void {
    // A thread whose settings could not be restored keeps those that it is to have.
    if (!this.#unloaded.has(threadId)) setBounded(this.#unloaded, threadId, settings, MAX_UNLOADED);
  }

  /** Notes that a thread that was unloaded has its settings again. */
  noteRestored(threadId: string): void {
    this.#unloaded.delete(threadId);
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

  #end(threadId: string, isDeleted: boolean): void {
    const settings = this.#entries.get(threadId);
    this.#entries.delete(threadId);
    if (isDeleted) this.#unloaded.delete(threadId);
    else if (settings !== undefined) this.noteUnloaded(threadId, settings);
  }
}
