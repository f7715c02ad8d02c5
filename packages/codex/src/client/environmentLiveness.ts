import { isObject } from "../internal/isObject.js";
import { clearTimeout, setTimeout } from "../internal/timers.js";
import { type Dispatch, OWN_LIMIT } from "./ownRequests.js";

/** Pause between two looks at an environment, in milliseconds. */
const INTERVAL_MS = 400;
/** Number of looks in a row that must show an environment as disconnected: the runtime may connect anew at once. */
const LOSS_LOOKS = 2;

/** Called once with the runtime's reason. */
type LossListener = (reason: string) => void;

interface Watch {
  readonly listeners: Set<LossListener>;
  timer: NodeJS.Timeout | undefined;
  losses: number;
}

/**
 * Watches the environments of running turns (`environment/status`): the runtime itself waits for the
 * command of an executor that has died as long as the model has asked for. Each environment is looked at
 * once an interval, by however many turns it is used.
 */
export class EnvironmentLiveness {
  readonly #watches = new Map<string, Watch>();
  readonly #dispatch: Dispatch;

  constructor(dispatch: Dispatch) {
    this.#dispatch = dispatch;
  }

  /** Number of environments that are watched, for tests. */
  get size(): number {
    return this.#watches.size;
  }

  /** Calls `onLost` when the runtime has lost its connection to the environment. Returns a function that ends the watch. */
  watch(environmentId: string, onLost: LossListener): () => void {
    const watch = this.#watches.get(environmentId) ?? this.#start(environmentId);
    watch.listeners.add(onLost);
    return () => {
      watch.listeners.delete(onLost);
      if (watch.listeners.size === 0) this.#end(environmentId, watch);
    };
  }

  #start(environmentId: string): Watch {
    const watch: Watch = { listeners: new Set(), timer: undefined, losses: 0 };
    this.#watches.set(environmentId, watch);
    this.#schedule(environmentId, watch);
    return watch;
  }

  #schedule(environmentId: string, watch: Watch): void {
    watch.timer = setTimeout(() => void this.#look(environmentId, watch), INTERVAL_MS);
  }

  async #look(environmentId: string, watch: Watch): Promise<void> {
    const options = { ...OWN_LIMIT, priority: "control" } as const;
    const request = this.#dispatch("environment/status", { environmentId }, options);
    // Without a response nothing is known: a frozen executor is not a dead one.
    const response = await request.catch(() => undefined);
    if (this.#watches.get(environmentId) !== watch) return;
    const isLost = isObject(response) && response["status"] === "disconnected";
    watch.losses = isLost ? watch.losses + 1 : 0;
    if (watch.losses < LOSS_LOOKS) {
      this.#schedule(environmentId, watch);
      return;
    }
    this.#end(environmentId, watch);
    const error = isObject(response) ? response["error"] : undefined;
    for (const listener of watch.listeners) listener(typeof error === "string" ? error : "");
  }

  #end(environmentId: string, watch: Watch): void {
    clearTimeout(watch.timer);
    if (this.#watches.get(environmentId) === watch) this.#watches.delete(environmentId);
  }
}
