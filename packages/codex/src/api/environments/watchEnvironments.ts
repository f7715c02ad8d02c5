import { EnvironmentLostError } from "../../errors/environmentErrors.js";
import { turnFactsOf } from "../turns/turnFacts.js";
import type { WatchedTurn } from "../turns/watchIdle.js";

/**
 * Calls `onLost` when an environment of the turn's thread is lost, and stops the turn. Returns a function
 * that ends the watch.
 */
export function watchEnvironments(
  turn: WatchedTurn,
  onLost: (error: EnvironmentLostError) => void,
): () => void {
  const { runtime, route } = turn;
  const { environments, liveness } = runtime.threadStates;
  const ends = environments.of(route.threadId).map((id) =>
    liveness.watch(id, (reason) => {
      end();
      // The caller has waited long enough: the error does not wait for the interrupt.
      turn.stop();
      const facts = turnFactsOf(route, runtime.secrets);
      onLost(new EnvironmentLostError(id, runtime.secrets.mask(reason), facts));
    }),
  );
  const end = () => {
    for (const endOne of ends) endOne();
  };
  return end;
}
