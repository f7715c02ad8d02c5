import { describe, expect, it } from "vitest";

import { DEFAULT_RUNTIMES } from "../src/runtimes.js";
import { GOOD_END, runSmoke, SMOKE_SCRIPTS } from "../src/smoke.js";

// npm has these runtimes as packages for Linux alone; elsewhere CI runs the tests on Nodes of its own.
describe.runIf(process.platform === "linux").each(DEFAULT_RUNTIMES)("on $name", (runtime) => {
  it.each(SMOKE_SCRIPTS)(
    "the built SDK runs a turn, loaded by %s, with nothing on stderr",
    async (script) => {
      expect(await runSmoke(runtime, script)).toEqual(GOOD_END);
    },
    180_000,
  );
});
