/** Message of the wire, without a `jsonrpc` member. */
export interface WireMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Line between the client and the runtime. */
export interface TranscriptLine {
  readonly from: "client" | "runtime";
  readonly message: WireMessage;
}

/** Lines of one scenario in their order. */
export type Transcript = readonly TranscriptLine[];

/** Writes one line of JSON for each message. */
export function formatTranscript(transcript: Transcript): string {
  return transcript.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Parses the output of `formatTranscript`. */
export function parseTranscript(text: string): Transcript {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Parses the log of `recordingRuntime.mjs`: a mark for the sender, then the message. */
export function parseRecording(text: string): Transcript {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => ({
      from: line.startsWith(">") ? "client" : "runtime",
      message: JSON.parse(line.slice(1)),
    }));
}
