import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../fake/soakAppServer.mjs", import.meta.url));

/** How the fake dies of its own accord. */
export const DEATHS = [
  "none",
  "beforeInitialize",
  "inInitialize",
  "silent",
  "inTurn",
  "ignoresTheEnd",
] as const;
export type Death = (typeof DEATHS)[number];

/** The command line of the fake app-server. */
export function fakeServer(death: Death = "none"): string[] {
  return [process.execPath, SCRIPT, death];
}

/** What a turn of the fake sends. */
export interface FakeTurn {
  readonly deltas: number;
  /** After each so many deltas stands a notification that must be kept. */
  readonly markEvery?: number;
  /** Whether messages are cut into pieces, and rubbish stands between them. */
  readonly faults?: boolean;
}

/** The input that makes the fake's turn. */
export function inputOf(turn: FakeTurn): string {
  return JSON.stringify(turn);
}

/** The text of so many deltas of the fake. */
export function textOf(deltas: number): string {
  const pieces = Array.from({ length: deltas }, (_, index) => `wörd ${index} \u{1F600}`);
  return pieces.join("");
}
