import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { type Row, thousands } from "../row.js";

const EVENTS = 200_000;
const ROUNDS = 7;
const PARTIES = ["run", "stream", "bare"];
const TURNS = [
  { turns: 1, run: 0.85, stream: 0.7 },
  { turns: 8, run: null, stream: null },
  { turns: 64, run: 0.75, stream: 0.6 },
];
const DELAY_TURNS = 8;
const DELAY_REACH = 1.2;

/** Events per second from a fake runtime in another process, against a loop of split and JSON.parse. */
export const eventGroups: readonly Group[] = TURNS.map(({ turns, run, stream }) => ({
  name: `events${turns}`,
  duration: "1 minute",
  measure: async () => {
    const args = [`${turns}`, `${Math.floor(EVENTS / turns)}`];
    const medians = await interleave({ workload: "flood", args, parties: PARTIES, rounds: ROUNDS });
    const perSecond = (party: string) => valueOf(medians, party, "perSecond");
    const rowOf = (party: "run" | "stream", reach: number | null): Row => ({
      name: `events${turns}.${party}`,
      what: `events per second through ${party}(), ${turns} turns at once / the bare loop`,
      value: perSecond(party) / perSecond("bare"),
      unit: "x",
      reach: reach === null ? null : { kind: "atLeast", value: reach },
      detail: `${thousands(perSecond(party))} / ${thousands(perSecond("bare"))} per second`,
    });
    const rows = [rowOf("run", run), rowOf("stream", stream)];
    if (turns !== DELAY_TURNS) return rows;
    const [sdk, bare] = [valueOf(medians, "run", "p99Ms"), valueOf(medians, "bare", "p99Ms")];
    const delay: Row = {
      name: `events${turns}.delay`,
      what: `99th percentile of event-loop delay, ${turns} turns at once / the bare loop`,
      value: sdk / bare,
      unit: "x",
      reach: { kind: "atMost", value: DELAY_REACH },
      detail: `${sdk.toFixed(2)} ms / ${bare.toFixed(2)} ms`,
    };
    return [...rows, delay];
  },
}));
