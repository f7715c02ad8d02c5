import { remedyOf } from "../errors/turnErrorInfo.js";
import { isObject } from "../internal/isObject.js";
import type { SecretMasker } from "../internal/secrets.js";
import type { Observers } from "../router/observers.js";
import { threadIdOf, turnIdOf } from "../router/routingKeys.js";
import type { NotificationMessage } from "../rpc/message.js";

/** A non-fatal diagnostic event, for `onDiagnostic`. */
export type CodexDiagnostic =
  | {
      /** The runtime wrote a line to stdout that is not a message; it was skipped. */
      readonly kind: "unparsableLine";
      /** The line, secrets masked. */
      readonly text: string;
    }
  | {
      /** A message of the runtime could not be handled; it was skipped. */
      readonly kind: "unreadableMessage";
      /** The wire method of the message. */
      readonly method: string;
      /** Reason of the failure. */
      readonly error: unknown;
    }
  | {
      /** The runtime sent a response to a request that does not wait for one. */
      readonly kind: "unexpectedResponse";
      /** The id of the response. */
      readonly id: string | number;
    }
  | {
      /** A handler of the application threw or rejected; the runtime got a refusal in its place. */
      readonly kind: "handlerError";
      /** The wire method that the handler was for. */
      readonly method: string;
      /** The error that the handler threw. */
      readonly error: unknown;
    }
  | {
      /** The runtime has another version than the one that this SDK is pinned to. */
      readonly kind: "versionMismatch";
      /** The version of the connected runtime. */
      readonly runtimeVersion: string;
      /** The version that this SDK is made and tested for: `CODEX_VERSION`. */
      readonly pinnedVersion: string;
    }
  | {
      /** A model call of a turn failed (`error`). The runtime retries it, or the turn fails. */
      readonly kind: "turnError";
      /** The id of the thread, where the runtime sent it. */
      readonly threadId: string | undefined;
      /** The id of the turn, where the runtime sent it. */
      readonly turnId: string | undefined;
      /** True if the runtime tries again by itself. */
      readonly willRetry: boolean;
      /** The runtime's message and the remedy where one is known, secrets masked. */
      readonly text: string;
    }
  | {
      /** A notice of the runtime that only `stream()` or `notifications()` would show: a warning, a deprecation, another model. */
      readonly kind: "notice";
      /** The wire method of the notice. */
      readonly method: string;
      /** The id of the thread, where the notice belongs to one. */
      readonly threadId: string | undefined;
      /** The notice in one line, secrets masked. */
      readonly text: string;
    }
  | {
      /** The connection was lost; another one is being opened (`transport.reconnect`). */
      readonly kind: "connectionLost";
      /** Reason of the loss, secrets masked. */
      readonly text: string;
    }
  | {
      /** Another connection has taken the place of the lost one, and its threads are followed again. */
      readonly kind: "reconnected";
    }
  | {
      /** A caller left a turn early (its signal aborted); its last error explains what it waited for. */
      readonly kind: "turnAbandoned";
      /** The id of the thread. */
      readonly threadId: string;
      /** The id of the turn. */
      readonly turnId: string;
      /** The message of the turn's last error, secrets masked; `null` if there was none. */
      readonly lastError: string | null;
    };

/** A longer text is cut: an invalid line may have the size of a message. */
const MAX_DIAGNOSTIC_CHARACTERS = 64 * 1024;

/** Notices of the runtime, each with the members that make its text. */
const NOTICES: ReadonlyMap<string, readonly string[]> = new Map([
  ["warning", ["message"]],
  ["guardianWarning", ["message"]],
  ["configWarning", ["summary", "details"]],
  ["deprecationNotice", ["summary", "details"]],
  ["model/rerouted", ["fromModel", "toModel", "reason"]],
  ["windows/worldWritableWarning", ["samplePaths"]],
]);

/** Calls `report` with the diagnostic of each notification that amounts to one, not masked yet. */
export function observeDiagnostics(
  observers: Observers,
  report: (diagnostic: CodexDiagnostic) => void,
): void {
  observers.add(["error", ...NOTICES.keys()], (message) => {
    const diagnostic = toDiagnostic(message);
    if (diagnostic !== undefined) report(diagnostic);
  });
}

/** Returns the diagnostic that a notification amounts to; `undefined` without one. */
function toDiagnostic(message: NotificationMessage): CodexDiagnostic | undefined {
  const { method, params } = message;
  if (!isObject(params)) return undefined;
  if (method === "error") return toTurnError(params);
  const members = NOTICES.get(method);
  if (members === undefined) return undefined;
  const texts = members.flatMap((name) => {
    const value = params[name];
    if (typeof value === "string") return [value];
    return value === undefined || value === null ? [] : [JSON.stringify(value)];
  });
  const text = texts.join(" ");
  return { kind: "notice", method, threadId: threadIdOf(params), text };
}

function toTurnError(params: Readonly<Record<string, unknown>>): CodexDiagnostic {
  const error = isObject(params["error"]) ? params["error"] : {};
  const { message, additionalDetails, codexErrorInfo } = error;
  const texts = [message, additionalDetails].filter((part) => typeof part === "string");
  const remedy = remedyOf(codexErrorInfo, texts.join(" "));
  return {
    kind: "turnError",
    threadId: threadIdOf(params),
    turnId: turnIdOf(params),
    willRetry: params["willRetry"] === true,
    text: `${texts.join(" ") || "unknown error"}${remedy === undefined ? "" : ` (${remedy})`}`,
  };
}

/** Returns a diagnostic with the secrets of its texts masked. The error of a handler is the application's own, and stays as it is. */
export function maskDiagnostic<D extends CodexDiagnostic>(diagnostic: D, secrets: SecretMasker): D {
  const members = Object.entries(diagnostic).map(([name, value]) => [
    name,
    typeof value === "string" ? secrets.mask(value, MAX_DIAGNOSTIC_CHARACTERS) : value,
  ]);
  // SAFETY: the copy has the same members, and each text in it is still a text.
  return Object.fromEntries(members) as D;
}
