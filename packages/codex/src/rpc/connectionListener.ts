import type { CodexError } from "../errors.js";
import type { Handled } from "./inboundQueue.js";
import type { NotificationMessage, RequestId, RequestMessage } from "./message.js";

/** Response to a request of the app-server. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** A report that does not end the connection. */
export type ConnectionDiagnostic =
  | { readonly kind: "stderr"; readonly text: string }
  | { readonly kind: "unparsableLine"; readonly text: string }
  | { readonly kind: "unexpectedResponse"; readonly id: RequestId }
  | { readonly kind: "unreadableMessage"; readonly method: string; readonly error: unknown };

/** Receives messages initiated by the app-server. */
export interface ConnectionListener {
  onNotification(message: NotificationMessage): Handled;
  /** Returns whether the application may be called in the tick in which the notification is handled. */
  callsAtOnce(message: NotificationMessage): boolean;
  /** `answer` takes effect once; later calls, and calls after the end, do nothing. */
  onRequest(message: RequestMessage, answer: (answer: Answer) => void): void;
  onDiagnostic(diagnostic: ConnectionDiagnostic): void;
  onClose(reason: CodexError): void;
}
