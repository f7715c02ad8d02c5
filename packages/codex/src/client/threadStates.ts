import type { NotificationRouter } from "../router/notificationRouter.js";
import { threadIdOf, turnIdOf } from "../router/routingKeys.js";
import { SubscribedThreads } from "../router/subscribedThreads.js";
import { ActiveTurns } from "./activeTurns.js";
import { EnvironmentLiveness } from "./environmentLiveness.js";
import type { Dispatch } from "./ownRequests.js";
import { OwnWork } from "./ownWork.js";
import { ThreadEnvironments } from "./threadEnvironments.js";

/**
 * The facts about threads that requests and their responses determine, whichever part of the SDK or of the
 * application sends them.
 */
export class ThreadStates {
  readonly subscriptions = new SubscribedThreads();
  readonly activeTurns: ActiveTurns;
  readonly ownWork: OwnWork;
  readonly environments = new ThreadEnvironments();
  readonly liveness: EnvironmentLiveness;
  readonly #router: NotificationRouter;

  constructor(router: NotificationRouter, dispatch: Dispatch) {
    this.#router = router;
    this.activeTurns = new ActiveTurns(router.threads, dispatch);
    this.ownWork = new OwnWork(router.threads, this.subscriptions);
    this.liveness = new EnvironmentLiveness(dispatch);
    this.subscriptions.observe(router.observers);
    this.environments.observe(router.observers);
    this.ownWork.observe(router.observers);
  }

  /** Sizes of the maps, for tests. */
  inspect(): Readonly<Record<string, number>> {
    return {
      subscribedThreads: this.subscriptions.size,
      turnsToName: this.activeTurns.size,
      ownGoals: this.ownWork.goals,
      threadEnvironments: this.environments.size,
      watchedEnvironments: this.liveness.size,
    };
  }

  /** Notes what a request is about to change, before it is sent. */
  noteRequest(method: string, params: unknown): void {
    this.subscriptions.noteRequest(method, params);
    this.environments.noteRequest(method, params);
    if (method !== "turn/interrupt") return;
    this.#router.threads.noteStopping(threadIdOf(params) ?? "", turnIdOf(params) ?? "");
  }

  /** Notes what a response changes, in the tick in which it is read. */
  noteResponse(method: string, params: unknown, result: unknown): void {
    this.subscriptions.noteResponse(method, params, result);
    this.activeTurns.noteResponse(method, result);
    this.ownWork.noteResponse(method, params, result);
    this.environments.noteResponse(method, result);
  }
}
