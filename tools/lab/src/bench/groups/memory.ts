import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { mb, type Row } from "../row.js";

/** Bound of an unread turn, as docs/performance.md and the soak have it: 1.25 times its text and 3 MB. */
const unreadBound = (text: number) => 1.25 * text + 3e6;

/** Memory of the SDK and of the runtime. */
export const memoryGroup: Group = {
  name: "memory",
  duration: "1 minute",
  measure: async () => {
    const comparison = { workload: "footprint", rounds: 5, warmUp: 1 };
    const idle = await interleave({ ...comparison, parties: ["idle"] });
    const deltas = await interleave({ ...comparison, parties: ["run", "unread"] });
    const kB = (name: string, what: string, measure: string): Row => {
      const value = valueOf(idle, "idle", measure) / 1000;
      return { name: `memory.${name}`, what, value, unit: "kB", reach: null, detail: "" };
    };
    const text = valueOf(deltas, "unread", "text");
    const unread = valueOf(deltas, "unread", "held");
    const peak = valueOf(deltas, "run", "peak");
    return [
      {
        name: "memory.unread",
        what: "memory held for 1,000,000 unread deltas / the bound for their text",
        value: unread / unreadBound(text),
        unit: "x",
        reach: { kind: "atMost", value: 1 },
        detail: `${mb(unread)} for ${mb(text)} of text`,
      },
      {
        name: "memory.run",
        what: "peak heap of run() over 1,000,000 deltas / their text",
        value: peak / text,
        unit: "x",
        reach: null,
        detail: `${mb(peak)} for ${mb(text)} of text, ${mb(valueOf(deltas, "run", "held"))} held`,
      },
      kB("client", "heap of the SDK for each client", "perClient"),
      kB("idleThread", "heap of the SDK for each idle thread", "perThread"),
      kB("activeTurn", "heap of the SDK and the scripted model for each active turn", "perTurn"),
      kB("runtimeIdle", "memory of a runtime without threads", "runtimeIdle"),
      kB("runtimeThreads", "memory of a runtime with 64 idle threads", "runtimeThreads"),
    ];
  },
};
