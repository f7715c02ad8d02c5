// Measures as ratios, each taken in one run on one machine, so that they mean the same elsewhere.
import process from "node:process";

import { benchFraming } from "./framing.mjs";
import { benchTurns } from "./turns.mjs";

const rows = [...(await benchFraming()), ...(await benchTurns())];
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, ratio, detail } of rows) {
  process.stdout.write(`${what.padEnd(width)}  ${ratio.toFixed(2).padStart(8)} x  ${detail}\n`);
}
