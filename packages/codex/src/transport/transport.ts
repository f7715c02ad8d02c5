import type { CodexError } from "../errors.js";

// An import of "node:buffer" also loads what that module exposes lazily: files and blobs.
const { constants } = process.getBuiltinModule("node:buffer");

/** Size of the largest message that is received, in bytes: what fits into a string of the engine, about half a gigabyte. */
export const MAX_MESSAGE_BYTES = constants.MAX_STRING_LENGTH;

/** Text that was received and is not a message; reported and skipped. Not masked, but for stderr. */
export type TransportDiagnostic =
  | { readonly kind: "stderr"; readonly text: string }
  | { readonly kind: "unparsableLine"; readonly text: string };

/** Receives what a transport carries, in the order of arrival. */
export interface TransportListener {
  /** Called with one whole message: the text of one JSON object. */
  onMessage(text: string): void;
  onDiagnostic(diagnostic: TransportDiagnostic): void;
  /** Called once, when nothing more will be received or sent. */
  onClose(reason: CodexError): void;
}

/** Carries whole messages, both ways, in order. Does not know their meaning. */
export interface Transport {
  /** Opens the transport. Leaves nothing behind when it rejects. */
  open(listener: TransportListener): Promise<void>;
  /** Sends one message. Rejects when it cannot be handed over any more. */
  send(text: string): Promise<void>;
  /** Ends the connection in an orderly way, by force after a bounded wait. Idempotent; never rejects. */
  close(): Promise<void>;
  /** Keeps the host process alive while the transport is open. This is the state after opening. */
  ref(): void;
  /** Lets the host process end while the transport is open. */
  unref(): void;
}
