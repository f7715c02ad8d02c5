/** One action of the fake. Actions run in order; `answer` and `error` answer the message that started them. */
export type FakeAction =
  | { readonly answer: unknown }
  | { readonly answerTo: number | string; readonly result: unknown }
  | {
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  | { readonly send: unknown }
  /** Writes text as it stands, without a line feed. */
  | { readonly raw: string }
  | { readonly base64: string }
  | { readonly stderr: string; readonly times?: number }
  /** Does all of these with one write. */
  | { readonly together: readonly FakeAction[] }
  /** Cuts the bytes at these offsets, or after each `every` bytes. Each piece is a write of its own. */
  | {
      readonly split: readonly FakeAction[];
      readonly every?: number;
      readonly offsets?: readonly number[];
    }
  /** Writes the message `times` times in one write; `$i` in it is the number of the copy. */
  | { readonly repeat: unknown; readonly times: number }
  /** Writes the message with its `$huge` replaced by that many characters. */
  | { readonly huge: unknown; readonly bytes: number; readonly character: string }
  | { readonly delay: number }
  /** Logs the current time. */
  | { readonly mark: string }
  | { readonly exit: number }
  | { readonly kill: NodeJS.Signals }
  /** Closes a descriptor. Has no effect on Windows. */
  | { readonly close: "stdin" | "stdout" }
  | { readonly ignore: "SIGTERM" | "stdinEnd" }
  | { readonly stopReading: true }
  /** Starts a process that keeps stdout and stderr open, in the process group of the fake or its own. */
  | { readonly grandchild: { readonly ownGroup?: boolean; readonly chatty?: boolean } };
