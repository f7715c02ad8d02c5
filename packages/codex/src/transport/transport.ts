import type { CodexError } from "../errors.js";

/** Text that arrived and is not a message; it is reported and skipped. */
export type TransportDiagnostic =
  | { readonly kind: "stderr"; readonly text: string }
  | { readonly kind: "unparsableLine"; readonly text: string };

/** Who hears what a transport receives. All are called in the order of arrival. */
export interface TransportListener {
  /** One whole message: the text of one JSON object. */
  onMessage(text: string): void;
  onDiagnostic(diagnostic: TransportDiagnostic): void;
  /** Called once, when nothing more will arrive or be sent. */
  onClose(reason: CodexError): void;
}

/** Carries whole messages, both ways, in order. Knows nothing of what they mean. */
export interface Transport {
  /** Opens the transport. Leaves nothing behind when it rejects. */
  open(listener: TransportListener): Promise<void>;
  /** Sends one message. Rejects when it cannot be handed over any more. */
  send(text: string): Promise<void>;
  /** Ends the peer in an orderly way, by force after a bounded wait. Idempotent; never rejects. */
  close(): Promise<void>;
  /** Keeps the host process alive while the transport is open. This is how it starts. */
  ref(): void;
  /** Lets the host process end while the transport is open. */
  unref(): void;
}
