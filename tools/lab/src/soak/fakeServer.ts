import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../fake/soakAppServer.mjs", import.meta.url));

/** Ways in which the fake ends by itself. */
export const DEATHS = [
  "none",
  "beforeInitialize",
  "inInitialize",
  "silent",
  "inTurn",
  "ignoresTheEnd",
] as const;
export type Death = (typeof DEATHS)[number];

/** Returns the command line of the fake app-server. */
export function fakeServer(death: Death = "none"): string[] {
  return [process.execPath, SCRIPT, death];
}

/** Content of a turn of the fake. */
export interface FakeTurn {
  readonly deltas: number;
  /** Number of deltas after which the fake sends a notification that must be kept. */
  readonly markEvery?: number;
  /** True if messages are cut into pieces and invalid lines are sent between them. */
  readonly faults?: boolean;
}

/** Returns the input for a turn of the fake. */
export function inputOf(turn: FakeTurn): string {
  return JSON.stringify(turn);
}

/** Returns the text of a number of deltas of the fake. */
export function textOf(deltas: number): string {
  const pieces = Array.from({ length: deltas }, (_, index) => `wörd ${index} \u{1F600}`);
  return pieces.join("");
}
