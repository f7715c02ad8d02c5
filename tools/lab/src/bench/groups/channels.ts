import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { thousands } from "../row.js";

const EVENTS = 200_000;
const ROUNDS = 7;
const REACH = 0.85;

/** Cost of the channels of `node:diagnostics_channel`: the events of one turn, with and without subscribers. */
export const channelGroup: Group = {
  name: "channels",
  duration: "1 minute",
  measure: async () => {
    const args = ["1", `${EVENTS}`];
    const parties = ["run", "followed", "bare"];
    const medians = await interleave({ workload: "flood", args, parties, rounds: ROUNDS });
    const perSecond = (party: string) => valueOf(medians, party, "perSecond");
    const [run, followed, bare] = [perSecond("run"), perSecond("followed"), perSecond("bare")];
    return [
      {
        name: "channels.followed",
        what: "events per second through run(), with a subscriber on each channel / without",
        value: followed / run,
        unit: "x",
        reach: { kind: "atLeast", value: REACH },
        detail: `${thousands(followed)} / ${thousands(run)} per second`,
      },
      {
        name: "channels.silent",
        what: "events per second through run(), without subscribers / the bare loop, without channels",
        value: run / bare,
        unit: "x",
        reach: { kind: "atLeast", value: REACH },
        detail: `${thousands(run)} / ${thousands(bare)} per second`,
      },
    ];
  },
};
