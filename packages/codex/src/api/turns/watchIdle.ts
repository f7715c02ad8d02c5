import type { RuntimeClient } from "../../client/runtimeClient.js";
import { TurnTimeoutError } from "../../errors.js";
import type { TurnRoute } from "../../router/turnRoute.js";
import { turnFactsOf } from "./turnFacts.js";

/** Turn, or goal shown as one, whose silence is watched. */
export interface WatchedTurn {
  readonly runtime: RuntimeClient;
  readonly route: TurnRoute;
  /** Reads the thread again, and ends the route if its turn has ended there. Must not reject. */
  recover(timeoutMs: number): Promise<unknown>;
  /** Stops a turn that is still running. Must not reject. */
  stop(): void;
}

/**
 * Calls `onSilent` when no event of the turn has come for `idleTimeoutMs` and the thread, read again,
 * does not show the end of the turn; the turn is stopped then. Work of the application's own handlers
 * does not count, and a retry of the runtime is not progress. Returns a function that ends the watch.
 */
export function watchIdle(
  turn: WatchedTurn,
  idleTimeoutMs: number,
  onSilent: (error: TurnTimeoutError) => void,
): () => void {
  const { runtime, route } = turn;
  let isEnded = false;
  let activity = 0;
  // Started anew each time: the timers of a test framework or a browser window cannot be refreshed.
  const start = () => setTimeout(() => void check(), idleTimeoutMs);
  let timer = start();
  const restart = () => {
    clearTimeout(timer);
    timer = start();
  };
  const removeListener = route.onActivity(() => {
    activity += 1;
    restart();
  });
  const end = () => {
    isEnded = true;
    clearTimeout(timer);
    removeListener();
  };
  const isAtWork = () => runtime.isHandling(route.threadId);
  const check = async () => {
    const before = activity;
    if (!isAtWork()) {
      await turn.recover(idleTimeoutMs);
      if (isEnded || route.end !== undefined) return;
      // An event that came meanwhile shows that the turn is alive.
      if (activity === before && !isAtWork()) {
        end();
        // The caller has waited long enough: the error does not wait for the interrupt.
        turn.stop();
        const facts = turnFactsOf(route, runtime.secrets);
        onSilent(
          new TurnTimeoutError(facts, idleTimeoutMs, runtime.secrets.maskIn(route.fold.lastEvent)),
        );
        return;
      }
    }
    restart();
  };
  return end;
}
