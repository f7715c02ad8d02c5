import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { ms, type Row } from "../row.js";

const REACH = { kind: "atMost", value: 1.3 } as const;
const SHAPES = ["large", "small", "pieces"];
const PARTIES = SHAPES.flatMap((shape) => [`sdk.${shape}`, `bare.${shape}`]);

/** Large lines, against a bare client that collects the chunks and parses the whole. */
export const lineGroup: Group = {
  name: "lines",
  duration: "1 minute",
  measure: async () => {
    const medians = await interleave({ workload: "lines", parties: PARTIES, rounds: 7 });
    const msOf = (party: string) => valueOf(medians, party, "ms");
    const rowOf = (shape: string, what: string): Row => {
      const [sdk, bare] = [msOf(`sdk.${shape}`), msOf(`bare.${shape}`)];
      const detail = `${ms(sdk)} / ${ms(bare)}`;
      const name = `lines.${shape}`;
      return {
        name,
        what: `${what} / a bare client`,
        value: sdk / bare,
        unit: "x",
        reach: REACH,
        detail,
      };
    };
    const growthOf = (who: string) => msOf(`${who}.large`) / msOf(`${who}.small`);
    const [sdk, bare] = [growthOf("sdk"), growthOf("bare")];
    return [
      rowOf("large", "one line of 64 MiB"),
      rowOf("pieces", "16 lines of 1 MiB in chunks of 4 KiB"),
      {
        name: "lines.linear",
        what: "(one line of 64 MiB / 16 lines of 4 MiB) / the same of a bare client",
        value: sdk / bare,
        unit: "x",
        reach: REACH,
        detail: `${sdk.toFixed(2)} / ${bare.toFixed(2)}`,
      },
    ];
  },
};
