import { readFileSync } from "node:fs";

import type { FakeAction, FakeScript, WireMessage } from "./fakeAppServer.js";

/** One line that passed between the SDK and the real runtime, as `pnpm record` wrote it down. */
export interface TranscriptLine {
  readonly from: "client" | "runtime";
  readonly message: WireMessage;
}

export type Transcript = readonly TranscriptLine[];

/** Reads the messages of this scenario of `tools/lab`. */
export function readTranscript(name: string): Transcript {
  const text = readFileSync(new URL(`../transcripts/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** A place in a transcript, at one of the runtime's messages. */
export interface TranscriptPoint {
  readonly index: number;
  /** `in` is in the middle of its bytes. */
  readonly where: "before" | "in" | "after";
}

/** Action at one point while a transcript is played back. */
export interface Fault {
  readonly point: TranscriptPoint;
  readonly actions: readonly FakeAction[];
}

/**
 * Plays the runtime's part: what it sent after a message of the client is sent when that message comes
 * again. The ids of the answers are those of the recording, so the client has to send the same in the
 * same order; what it sends beyond that comes last.
 */
export function replayScript(transcript: Transcript, fault?: Fault): FakeScript {
  const on: Record<string, FakeAction[][]> = {};
  let actions: FakeAction[] = [];
  for (const [index, { from, message }] of transcript.entries()) {
    if (from === "client") {
      actions = [];
      (on[message.method ?? `answer ${message.id}`] ??= []).push(actions);
    } else {
      actions.push(...withFault(message, fault?.point.index === index ? fault : undefined));
    }
  }
  return { on };
}

function withFault(message: WireMessage, fault: Fault | undefined): FakeAction[] {
  switch (fault?.point.where) {
    case undefined:
      return [{ send: message }];
    case "before":
      return [...fault.actions, { send: message }];
    case "after":
      return [{ send: message }, ...fault.actions];
    case "in": {
      const text = `${JSON.stringify(message)}\n`;
      const middle = Math.floor(text.length / 2);
      return [{ raw: text.slice(0, middle) }, ...fault.actions, { raw: text.slice(middle) }];
    }
  }
}

/** The messages of the runtime that have come as a whole before this point. */
export function saidBefore(
  transcript: Transcript,
  { index, where }: TranscriptPoint,
): WireMessage[] {
  return transcript
    .slice(0, where === "after" ? index + 1 : index)
    .flatMap(({ from, message }) => (from === "runtime" ? [message] : []));
}

/** The points at the runtime's messages from `first` on: before that one, then in and after each. */
export function pointsFrom(transcript: Transcript, first: number): TranscriptPoint[] {
  const indexes = [...transcript.keys()].filter(
    (index) => index >= first && transcript[index]?.from === "runtime",
  );
  return indexes.flatMap((index): TranscriptPoint[] => [
    ...(index === indexes[0] ? [{ index, where: "before" } as const] : []),
    { index, where: "in" },
    { index, where: "after" },
  ]);
}

/** A point in words: the last message of the runtime. */
export function describePoint(transcript: Transcript, { index, where }: TranscriptPoint): string {
  const message = transcript[index]?.message;
  return `${where} message ${index + 1} (${message?.method ?? `the answer to request ${message?.id}`})`;
}

/** Returns the index of the first line for which this is true. */
export function indexOf(
  transcript: Transcript,
  predicate: (line: TranscriptLine) => boolean,
): number {
  const index = transcript.findIndex(predicate);
  if (index === -1) throw new Error("The transcript has no such line: record it again.");
  return index;
}
