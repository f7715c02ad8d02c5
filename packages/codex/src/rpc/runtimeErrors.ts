import { InvalidRequestError } from "./rpcErrors.js";
import { RUNTIME_WORDING } from "./runtimeWording.js";

function matches(error: unknown, wording: RegExp): boolean {
  return error instanceof InvalidRequestError && wording.test(error.rpcMessage);
}

/** Returns whether a call was refused because the thread has no active turn. */
export function isNoActiveTurn(error: unknown): boolean {
  return matches(error, RUNTIME_WORDING.noActiveTurn);
}

/** Returns whether a call was refused because another turn is active than the one that it names. */
export function isOtherTurnActive(error: unknown): boolean {
  return matches(error, RUNTIME_WORDING.otherTurnActive);
}

/** Returns the id of the active turn that a refusal names; `undefined` when it names none. */
export function activeTurnIdIn(error: unknown): string | undefined {
  if (!(error instanceof InvalidRequestError)) return undefined;
  return RUNTIME_WORDING.otherTurnActive.exec(error.rpcMessage)?.[1];
}

/** Returns whether the runtime ended, by the end of its stderr, because of its `CODEX_HOME`. */
export function isHomeUnusable(stderrTail: string): boolean {
  return RUNTIME_WORDING.homeUnusable.test(stderrTail);
}

/** Returns whether a call was refused because the thread has no goal. */
export function isNoGoal(error: unknown): boolean {
  return matches(error, RUNTIME_WORDING.noGoal);
}
