import { type Group, valueOf } from "../group.js";
import { interleave } from "../interleave.js";
import { ms } from "../row.js";

const PARTIES = ["sdk", "bare"];

/** Start of a client with its first thread, and resuming a large thread, against a bare client. */
export const startGroups: readonly Group[] = [
  {
    name: "firstThread",
    duration: "1 minute",
    measure: () =>
      compare("firstThread", "new Codex() to its first thread / a bare client", 1.05, 15),
  },
  {
    name: "resume",
    duration: "3 minutes",
    measure: () =>
      compare("resume", "resuming a thread of 60 turns and 40 MB / a bare client", 1.1, 7),
  },
];

async function compare(name: string, what: string, reach: number, rounds: number) {
  const medians = await interleave({ workload: name, parties: PARTIES, rounds });
  const sdk = valueOf(medians, "sdk", "ms");
  const bare = valueOf(medians, "bare", "ms");
  return [
    {
      name: `${name}.bareClient`,
      what,
      value: sdk / bare,
      unit: "x",
      reach: { kind: "atMost", value: reach },
      detail: `${ms(sdk)} / ${ms(bare)}`,
    },
  ] as const;
}
