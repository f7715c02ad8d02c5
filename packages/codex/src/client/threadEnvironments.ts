import { isObject } from "../internal/isObject.js";
import type { Observers } from "../router/observers.js";
import { threadIdOf } from "../router/routingKeys.js";
import { ENDING_METHODS } from "../router/threadEvents.js";

/** Requests whose response has the environments of the thread that it brings. */
const OPENING: ReadonlySet<string> = new Set(["thread/start", "thread/resume", "thread/fork"]);
/** Requests that select environments of a thread. */
const SELECTING: ReadonlySet<string> = new Set(["turn/start", "thread/settings/update"]);
/** The id of the machine of the runtime itself. */
const LOCAL = "local";

/** The environments in which the commands of threads run, apart from the runtime's own machine. */
export class ThreadEnvironments {
  readonly #ids = new Map<string, readonly string[]>();

  /** Number of threads with such environments, for tests. */
  get size(): number {
    return this.#ids.size;
  }

  /** Returns the ids of the environments that a thread uses. */
  of(threadId: string): readonly string[] {
    return this.#ids.get(threadId) ?? [];
  }

  /** Notes what a request selects, before it is sent: the turn that it starts uses it at once. */
  noteRequest(method: string, params: unknown): void {
    if (SELECTING.has(method) && isObject(params)) this.#note(params, params["environments"]);
  }

  /** Notes what a response shows, in the tick in which it is read. */
  noteResponse(method: string, response: unknown): void {
    if (!OPENING.has(method) || !isObject(response) || !isObject(response["thread"])) return;
    this.#note(response, response["thread"]["environments"]);
  }

  /** Follows the reports of settings, and the end of threads. */
  observe(observers: Observers): void {
    observers.add(ENDING_METHODS, ({ params }) => this.#ids.delete(threadIdOf(params) ?? ""));
    observers.add(["thread/settings/updated"], ({ params }) => {
      const settings = isObject(params) ? params["threadSettings"] : undefined;
      if (isObject(settings)) this.#note(params, settings["environments"]);
    });
  }

  #note(owner: unknown, environments: unknown): void {
    const threadId = threadIdOf(owner);
    if (threadId === undefined || !Array.isArray(environments)) return;
    const ids = environments.flatMap((environment: unknown) => {
      const id = isObject(environment) ? environment["environmentId"] : undefined;
      return typeof id === "string" && id !== LOCAL ? [id] : [];
    });
    if (ids.length === 0) this.#ids.delete(threadId);
    else this.#ids.set(threadId, ids);
  }
}
