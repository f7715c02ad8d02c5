import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { ms, type Row } from "../row.js";

const REACH = { kind: "atMost", value: 1.3 } as const;
const PARTIES = ["sdk.large", "bare.large", "sdk.small", "sdk.pieces", "bare.pieces"];

/** Large lines, against a bare client that collects the chunks and parses the whole. */
export const lineGroup: Group = {
  name: "lines",
  duration: "1 minute",
  measure: async () => {
    const medians = await interleave({ workload: "lines", parties: PARTIES, rounds: 7 });
    const rowOf = (name: string, what: string, party: string, other: string): Row => {
      const [one, two] = [valueOf(medians, party, "ms"), valueOf(medians, other, "ms")];
      const detail = `${ms(one)} / ${ms(two)}`;
      return { name: `lines.${name}`, what, value: one / two, unit: "x", reach: REACH, detail };
    };
    return [
      rowOf("large", "one line of 64 MiB / a bare client", "sdk.large", "bare.large"),
      rowOf(
        "pieces",
        "16 lines of 1 MiB in chunks of 4 KiB / a bare client",
        "sdk.pieces",
        "bare.pieces",
      ),
      rowOf("linear", "one line of 64 MiB / 16 lines of 4 MiB", "sdk.large", "sdk.small"),
    ];
  },
};
