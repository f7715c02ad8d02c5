import type { CodexError } from "../errors.js";
import { toWaiterError } from "../rpc/closeReason.js";
import type { NotificationMessage } from "../rpc/message.js";
import type { EarlyBuffer } from "./earlyBuffer.js";
import { LoginRoute } from "./loginRoute.js";
import { loginIdOf } from "./routingKeys.js";

/** A login whose start request is in flight. */
export interface PendingLogin {
  /** Binds the login id. Call it in the tick in which the response is read. */
  claim(loginId: string): LoginRoute;
  /** Lets go of the early notifications that nobody claimed. Idempotent. */
  settle(): void;
}

const SCOPE = "account/login";

/** Delivers the end of each login attempt to its route. */
export class LoginRoutes {
  readonly #routes = new Map<string, LoginRoute>();
  readonly #early: EarlyBuffer;

  constructor(early: EarlyBuffer) {
    this.#early = early;
  }

  /** Number of attempts that are followed. */
  get size(): number {
    return this.#routes.size;
  }

  /** Registers a login whose start is about to be sent. */
  begin(): PendingLogin {
    const settle = this.#early.open(SCOPE);
    return { claim: (loginId) => this.#follow(loginId), settle };
  }

  /** Delivers the end of a login; returns `false` for a message that does not belong to one. */
  deliver(message: NotificationMessage): boolean {
    if (message.method !== "account/login/completed") return false;
    const loginId = loginIdOf(message.params);
    if (loginId === undefined) return false;
    const route = this.#routes.get(loginId);
    if (route === undefined) return this.#early.offer(SCOPE, loginId, message);
    this.#routes.delete(loginId);
    route.deliver(message);
    return true;
  }

  /** Ends every attempt, because the connection has ended. */
  fail(reason: CodexError): void {
    const routes = [...this.#routes.values()];
    this.#routes.clear();
    for (const route of routes) route.fail(toWaiterError(reason, `login ${route.id}`));
  }

  #follow(loginId: string): LoginRoute {
    const route = new LoginRoute(loginId);
    const [early] = this.#early.claim(loginId);
    if (early === undefined) this.#routes.set(loginId, route);
    else route.deliver(early);
    return route;
  }
}
