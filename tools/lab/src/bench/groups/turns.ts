import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { mb, ms, type Row } from "../row.js";

const COUNTS = [
  { threads: 1, name: "turn", rounds: 31, reach: { bare: 1.03, codexSdk: 0.25 } },
  { threads: 8, name: "threads8", rounds: 9, reach: { bare: null, codexSdk: 0.25 } },
  { threads: 64, name: "threads64", rounds: 5, reach: { bare: null, codexSdk: 0.25 } },
] as const;
const MEMORY_REACH = 0.15;
const PARTIES = ["sdk", "bare", "codexSdk"];

/** Turns on running threads, against a bare client and codex-sdk. */
export const turnGroups: readonly Group[] = COUNTS.map(({ threads, name, rounds, reach }) => ({
  name,
  duration: threads === 64 ? "5 minutes" : "1 minute",
  measure: async () => {
    const args = [`${threads}`];
    const medians = await interleave({ workload: "turns", args, parties: PARTIES, rounds });
    const sdk = valueOf(medians, "sdk", "ms");
    const bare = valueOf(medians, "bare", "ms");
    const codexSdk = valueOf(medians, "codexSdk", "ms");
    const what = threads === 1 ? "a turn" : `a turn on each of ${threads} threads at once`;
    const rows: Row[] = [
      {
        name: `${name}.bareClient`,
        what: `${what} / a bare client`,
        value: sdk / bare,
        unit: "x",
        reach: reach.bare === null ? null : { kind: "atMost", value: reach.bare },
        detail: `${ms(sdk)} / ${ms(bare)}`,
      },
      {
        name: `${name}.codexSdk`,
        what: `${what} / codex-sdk`,
        value: sdk / codexSdk,
        unit: "x",
        reach: { kind: "atMost", value: reach.codexSdk },
        detail: `${ms(sdk)} / ${ms(codexSdk)}`,
      },
    ];
    return threads === 1 ? rows : [...rows, await memoryRow(name, what, args)];
  },
}));

async function memoryRow(name: string, what: string, args: readonly string[]): Promise<Row> {
  const parties = ["sdk", "codexSdk"];
  const comparison = { workload: "turns", args, parties, rounds: 5, sampleTree: true };
  const medians = await interleave(comparison);
  const sdk = valueOf(medians, "sdk", "treeBytes");
  const codexSdk = valueOf(medians, "codexSdk", "treeBytes");
  return {
    name: `${name}.memory`,
    what: `peak memory of the process tree, ${what} / codex-sdk`,
    value: sdk / codexSdk,
    unit: "x",
    reach: { kind: "atMost", value: MEMORY_REACH },
    detail: `${mb(sdk)} / ${mb(codexSdk)}`,
  };
}
