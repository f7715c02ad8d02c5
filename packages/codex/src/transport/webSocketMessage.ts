import { isUtf8 } from "node:buffer";

import {
  CLOSE_CODE,
  type Frame,
  FrameDecoder,
  isControl,
  joinBytes,
  MAX_CONTROL_PAYLOAD_BYTES,
  OPCODE,
  WebSocketViolation,
} from "./webSocketFrame.js";

/** What a server said, its frames put together. */
export type WebSocketEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "ping"; readonly payload: Buffer }
  | { readonly kind: "pong" }
  | ({ readonly kind: "close" } & CloseStatus);

/** Why a side closes: a code of RFC 6455, section 7.4, and a text that may be empty. */
export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
}

/**
 * A longer message goes out in several frames: the runtime's WebSocket library takes frames of up to
 * 16 MiB, and pieces keep the masked copy of a large message from being one large block.
 */
export const MAX_FRAME_PAYLOAD_BYTES = 1024 * 1024;

/** The frames of one text message. They may cut a character: only the whole message must be UTF-8. */
export function* toTextFrames(text: string): Generator<Frame, void, undefined> {
  const bytes = Buffer.from(text, "utf8");
  let offset = 0;
  do {
    const payload = bytes.subarray(offset, offset + MAX_FRAME_PAYLOAD_BYTES);
    const opcode = offset === 0 ? OPCODE.text : OPCODE.continuation;
    offset += payload.length;
    yield { isFinal: offset === bytes.length, opcode, payload };
  } while (offset < bytes.length);
}

/** The frame that closes with `status`, the reason cut to what a control frame holds. */
export function toCloseFrame({ code, reason }: CloseStatus): Frame {
  if (code === CLOSE_CODE.noneGiven) {
    return { isFinal: true, opcode: OPCODE.close, payload: Buffer.alloc(0) };
  }
  const payload = Buffer.alloc(MAX_CONTROL_PAYLOAD_BYTES);
  payload.writeUInt16BE(code);
  // `write` stops before a character that does not fit as a whole.
  const reasonBytes = payload.write(reason, 2, "utf8");
  return { isFinal: true, opcode: OPCODE.close, payload: payload.subarray(0, 2 + reasonBytes) };
}

/** Puts a server's frames together to messages, and checks that they may stand where they stand. */
export class MessageDecoder {
  readonly #frames = new FrameDecoder();
  #fragments: Buffer[] | undefined;

  /** The events that end in `chunk`. Throws a `WebSocketViolation` at the first that is not allowed. */
  *push(chunk: Buffer): Generator<WebSocketEvent, void, undefined> {
    for (const frame of this.#frames.push(chunk)) {
      const event = isControl(frame.opcode) ? toControlEvent(frame) : this.#addFragment(frame);
      if (event !== undefined) yield event;
    }
  }

  #addFragment({ isFinal, opcode, payload }: Frame): WebSocketEvent | undefined {
    if (opcode === OPCODE.binary) {
      throw new WebSocketViolation(
        CLOSE_CODE.unsupportedData,
        "a binary message came, and messages are text here",
      );
    }
    const isFirst = opcode === OPCODE.text;
    if (isFirst !== (this.#fragments === undefined)) {
      throw new WebSocketViolation(
        CLOSE_CODE.protocolError,
        isFirst
          ? "a message began before the one before it had ended"
          : "a message was continued that had not begun",
      );
    }
    const fragments = (this.#fragments ??= []);
    if (payload.length > 0) fragments.push(payload);
    if (!isFinal) return undefined;
    this.#fragments = undefined;
    return { kind: "text", text: toText(joinBytes(fragments)) };
  }
}

function toControlEvent({ opcode, payload }: Frame): WebSocketEvent {
  switch (opcode) {
    case OPCODE.ping:
      return { kind: "ping", payload };
    case OPCODE.close:
      return { kind: "close", ...parseCloseStatus(payload) };
    default:
      return { kind: "pong" };
  }
}

function parseCloseStatus(payload: Buffer): CloseStatus {
  if (payload.length === 0) return { code: CLOSE_CODE.noneGiven, reason: "" };
  const code = payload.length === 1 ? undefined : payload.readUInt16BE();
  if (code === undefined || !mayBeSent(code)) {
    throw new WebSocketViolation(
      CLOSE_CODE.protocolError,
      `a close frame holds ${code === undefined ? "half a code" : `the code ${code}`}`,
    );
  }
  return { code, reason: toText(payload.subarray(2)) };
}

/** The codes that RFC 6455 and its registry define for the wire, and the ranges left to others. */
function mayBeSent(code: number): boolean {
  return (
    (code >= 1000 && code <= 1003) ||
    (code >= 1007 && code <= 1014) ||
    (code >= 3000 && code < 5000)
  );
}

function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new WebSocketViolation(CLOSE_CODE.invalidText, "a text is no valid UTF-8");
  }
  try {
    return bytes.toString("utf8");
  } catch (cause) {
    // The one thing that can still fail: JavaScript has no string that long.
    throw new WebSocketViolation(
      CLOSE_CODE.tooBig,
      `a message of ${bytes.length} bytes does not fit into a string`,
      { cause },
    );
  }
}
