/** A message of the wire; it has no `jsonrpc` member. */
export interface WireMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** One line that passed between the client and the runtime. */
export interface TranscriptLine {
  readonly from: "client" | "runtime";
  readonly message: WireMessage;
}

/** What passed in one scenario, in the order in which it did. */
export type Transcript = readonly TranscriptLine[];

/** One line of JSON for each message. */
export function formatTranscript(transcript: Transcript): string {
  return transcript.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Reads what `formatTranscript` wrote. */
export function parseTranscript(text: string): Transcript {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** The lines of `recordingRuntime.mjs`: a mark for who speaks, then the message. */
export function parseRecording(text: string): Transcript {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => ({
      from: line.startsWith(">") ? "client" : "runtime",
      message: JSON.parse(line.slice(1)),
    }));
}
