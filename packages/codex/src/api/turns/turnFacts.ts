import {
  type InterruptedTurnFacts,
  TransportClosedError,
  TurnIncompleteError,
} from "../../errors.js";
import type { SecretMasker } from "../../internal/secrets.js";
import type { TurnEnd, TurnRoute } from "../../router/turnRoute.js";

/** Returns the facts that an error about a turn that was cut short carries. */
export function turnFactsOf(
  { threadId, id, fold }: TurnRoute,
  secrets: SecretMasker,
): InterruptedTurnFacts {
  return {
    threadId,
    turnId: id,
    items: [...fold.items],
    lastError: secrets.maskIn(fold.lastError),
  };
}

/** Makes the error of a turn that ended without its `turn/completed`. */
export function toTurnEndError(
  route: TurnRoute,
  end: Exclude<TurnEnd, { readonly kind: "completed" }>,
  secrets: SecretMasker,
): Error {
  const facts = turnFactsOf(route, secrets);
  if (end.kind === "cutOff") return new TurnIncompleteError(facts, secrets.mask(end.reason));
  const { error } = end;
  if (!(error instanceof TransportClosedError)) return error;
  return new TransportClosedError(error.message, { exit: error, cause: error.cause, turn: facts });
}
