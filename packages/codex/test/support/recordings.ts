import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { WireMessage } from "./fakeAppServer.js";

/** One line that passed between a client and a runtime. `in` was sent by the runtime. */
interface RecordedLine {
  readonly dir: "in" | "out";
  readonly msg?: WireMessage;
  /** A line that is not a message. */
  readonly raw?: string;
}

/** A line of the runtime; `response` is the one to the request that began the act. */
export type RuntimeLine =
  | { readonly kind: "message"; readonly message: WireMessage }
  | { readonly kind: "response"; readonly message: WireMessage }
  | { readonly kind: "raw"; readonly text: string };

/** Messages of a runtime from one opening request of the client to the next. */
export interface Act {
  readonly method: OpeningMethod;
  readonly params: unknown;
  readonly lines: readonly RuntimeLine[];
}

/** Recorded traffic, in the form in which a fake runtime plays it. */
export interface Recording {
  readonly name: string;
  readonly initialize: unknown;
  /** Results of the requests between the acts, by method. */
  readonly results: ReadonlyMap<string, unknown>;
  /** Messages of the runtime before the first act. */
  readonly prologue: readonly RuntimeLine[];
  readonly acts: readonly Act[];
  /** The client's results for requests of the runtime, by request id. */
  readonly answers: ReadonlyMap<unknown, unknown>;
  /** Usage of the turn as the file states it. */
  readonly turnUsage: unknown;
}

const OPENING_METHODS = [
  "turn/start",
  "review/start",
  "thread/compact/start",
  "thread/goal/set",
  "account/login/start",
] as const;

type OpeningMethod = (typeof OPENING_METHODS)[number];

const TRANSCRIPTS = fileURLToPath(new URL("../transcripts", import.meta.url));

/**
 * Every transcript of `pnpm record`, and every recording of the folder that `CODEX_RECORDINGS` names:
 * JSON files with `messages`, a list of `{ dir: "in" | "out", msg }`.
 */
export function readRecordings(): Recording[] {
  const folder = process.env["CODEX_RECORDINGS"];
  return [
    ...filesOf(TRANSCRIPTS, ".jsonl").map(([name, text]) => toRecording(name, readJsonLines(text))),
    ...(folder === undefined || folder === "" ? [] : filesOf(folder, ".json")).map(
      ([name, text]) => {
        const { messages, turnUsage } = JSON.parse(text);
        return toRecording(name, messages, turnUsage);
      },
    ),
  ];
}

function filesOf(folder: string, extension: string): [name: string, text: string][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .toSorted()
    .map((file) => [file.slice(0, -extension.length), readFileSync(join(folder, file), "utf8")]);
}

function readJsonLines(text: string): RecordedLine[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const { from, message } = JSON.parse(line);
      return { dir: from === "runtime" ? "in" : "out", msg: message };
    });
}

function toRecording(name: string, recorded: RecordedLine[], turnUsage?: unknown): Recording {
  const lines = completed(recorded);
  const results = new Map<string, unknown>();
  const prologue: RuntimeLine[] = [];
  const acts: { method: OpeningMethod; params: unknown; lines: RuntimeLine[] }[] = [];
  const answers = new Map<unknown, unknown>();
  const methods = new Map<unknown, string>();
  for (const { dir, msg, raw } of lines) {
    if (dir === "out") {
      if (msg?.id === undefined) continue;
      if (msg.method === undefined) {
        answers.set(msg.id, msg.result);
        continue;
      }
      methods.set(msg.id, msg.method);
      if (isOpening(msg.method)) acts.push({ method: msg.method, params: msg.params, lines: [] });
      continue;
    }
    const place = acts.at(-1)?.lines ?? prologue;
    if (msg === undefined) place.push({ kind: "raw", text: raw ?? "" });
    else if (msg.method !== undefined) place.push({ kind: "message", message: msg });
    else {
      const method = methods.get(msg.id) ?? "";
      if (isOpening(method)) place.push({ kind: "response", message: msg });
      else results.set(method, msg.result);
    }
  }
  const initialize = results.get("initialize");
  return { name, initialize, results, prologue, acts, answers, turnUsage };
}

/** Adds what a recording of the runtime's side, or of a part of a turn, leaves out. */
function completed(lines: readonly RecordedLine[]): RecordedLine[] {
  if (lines.some(({ dir, msg }) => dir === "out" && msg?.method === "initialize"))
    return [...lines];
  const turn = lines.flatMap(({ msg }) => turnOf(msg) ?? [])[0];
  const isKind = (member: string) => (line: RecordedLine) =>
    Object.hasOwn(Object(line.msg?.result), member);
  const resultOf = (member: string): unknown => lines.find(isKind(member))?.msg?.result;
  const rest = lines.filter(({ msg }) => msg === undefined || msg.method !== undefined);
  const whole: RecordedLine[] = [
    { dir: "out", msg: { id: 1, method: "initialize" } },
    { dir: "in", msg: { id: 1, result: resultOf("userAgent") ?? { userAgent: "recorded/0.0.0" } } },
    { dir: "out", msg: { id: 2, method: "thread/start" } },
    {
      dir: "in",
      msg: { id: 2, result: resultOf("thread") ?? { thread: { id: turn?.threadId, turns: [] } } },
    },
    { dir: "out", msg: { id: 3, method: "turn/start", params: { threadId: turn?.threadId } } },
    {
      dir: "in",
      msg: {
        id: 3,
        result: resultOf("turn") ?? { turn: { id: turn?.turnId, items: [], status: "inProgress" } },
      },
    },
    ...rest,
  ];
  if (rest.some(({ msg }) => msg?.method === "turn/completed")) return whole;
  const end = { id: turn?.turnId, items: [], status: "completed", error: null };
  const params = { threadId: turn?.threadId, turn: end };
  return [...whole, { dir: "in", msg: { method: "turn/completed", params } }];
}

function turnOf(
  message: WireMessage | undefined,
): { readonly threadId: string; readonly turnId: string } | undefined {
  const { threadId, turnId, turn }: { threadId?: string; turnId?: string; turn?: { id?: string } } =
    Object(message?.params);
  const id = turnId ?? turn?.id;
  return threadId === undefined || id === undefined ? undefined : { threadId, turnId: id };
}

function isOpening(method: string): method is OpeningMethod {
  return OPENING_METHODS.some((opening) => opening === method);
}
