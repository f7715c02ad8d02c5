// `pnpm lab smoke`: a turn of the built SDK on every JavaScript runtime.
import { SMOKE_RUNTIMES } from "./runtimes.js";
import { GOOD_END, runSmoke, SMOKE_SCRIPTS } from "./smoke.js";

for (const runtime of SMOKE_RUNTIMES) {
  for (const script of SMOKE_SCRIPTS) {
    // One after the other: parallel runs could fail for lack of CPU time.
    // oxlint-disable-next-line no-await-in-loop
    const end = await runSmoke(runtime, script);
    const isGood = JSON.stringify(end) === JSON.stringify(GOOD_END);
    process.stdout.write(`${runtime.name} ${script}: ${isGood ? "ok" : JSON.stringify(end)}\n`);
    if (!isGood) process.exitCode = 1;
  }
}
