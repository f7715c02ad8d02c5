import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { repoRoot } from "../support/sourceFiles.js";

/** The public reports about SDKs that drive a coding agent, by the ids of the table in the documents. */
const REPORTS = [
  "F1 F2 F4 F5",
  "S1 S2 S3 S5 S6 S7 S9 S12 S13 S15 S16",
  "P1 P3 P4 P5 P6 P8 P9 P10 P11 P14 P16 P17 P18 P20 P21 P23 P24 P25 P26 P27 P28",
  "K1 K2 K3 K4 K7 K8 K9 K10 K11 K12 K13 K14 K15",
  "A2 A3 A4",
  "Q1 Q2 Q3 Q4 Q6 Q10 Q11 Q12 Q13 Q14 Q16 Q18 Q19 Q20 Q23 Q25 Q27 Q28 Q29 Q30 Q32 Q33",
].flatMap((group) => group.split(" "));

it("the table of the documents has every report of users, each with a test or a guide", () => {
  const table = readFileSync(join(repoRoot, "docs/user-reports.md"), "utf8");
  const rows = [...table.matchAll(/^\| ([A-Z]\d+) .*\]\([^)]+\)[^|]*\|$/gm)].map(([, id]) => id);

  expect(rows.toSorted()).toEqual(REPORTS.toSorted());
});
