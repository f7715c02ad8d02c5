import type { CodexError } from "../errors.js";
import type { NotificationRouter } from "../router/notificationRouter.js";
import type { ServerRequestRouter } from "../router/serverRequestRouter.js";
import type { CodexDiagnostic } from "./diagnostics.js";
import type { ClientOptions } from "./options.js";
import type { ReconnectionSteps } from "./reconnection.js";
import type { Requests } from "./requests.js";
import type { Session } from "./session.js";
import type { OpenSession } from "./sessionHolder.js";
import { type OnThreadRestored, ThreadRestorer } from "./threadRestorer.js";
import type { ThreadStates } from "./threadStates.js";

/** A client whose connection can be replaced. */
export interface LastingClient {
  readonly options: ClientOptions;
  readonly router: NotificationRouter;
  readonly serverRequests: ServerRequestRouter;
  readonly threadStates: ThreadStates;
  /** Receives the sizes of what is kept while there is not a connection. */
  readonly gauges: Map<string, () => number>;
  report(diagnostic: CodexDiagnostic): void;
}

/** Steps of a reconnection that only the client itself can perform. */
export interface ClientSteps {
  readonly open: OpenSession;
  /** Called in the tick in which a session is ready. */
  onReady(session: Session): void;
  readonly onThreadRestored: OnThreadRestored;
  /** Ends every wait, because the connection is lost for good. */
  fail(reason: CodexError): void;
}

/** Returns what a client does as its connection is lost and replaced. */
export function toReconnectionSteps(
  client: LastingClient,
  requests: Requests,
  { open, onReady, onThreadRestored, fail }: ClientSteps,
): ReconnectionSteps {
  const { router, serverRequests, gauges } = client;
  const { lostStarts } = requests;
  const restorer = new ThreadRestorer(client, requests, onThreadRestored);
  gauges.set("lostThreads", () => restorer.size);
  gauges.set("lostStarts", () => lostStarts.size);
  return {
    open,
    onLost: (reason) => {
      serverRequests.suspend();
      router.logins.fail(reason);
      client.report({ kind: "connectionLost", text: reason.message });
    },
    restore: (session) => restorer.restore(session),
    onRestored: (session) => {
      const { subscriptions } = client.threadStates;
      lostStarts.failUnless((threadId) => subscriptions.has(threadId));
      client.report({ kind: "reconnected" });
      onReady(session);
    },
    onGivenUp: (reason) => {
      restorer.giveUp();
      lostStarts.failUnless(() => false);
      fail(reason);
    },
  };
}
