import { describe, expect, it } from "vitest";

import { DEFAULT_RUNTIMES } from "../../src/smoke/runtimes.js";
import { GOOD_END, runSmoke, SMOKE_SCRIPTS } from "../../src/smoke/smoke.js";

// These runtimes are published only for Linux; on other systems CI runs the tests on several Nodes.
describe.runIf(process.platform === "linux").each(DEFAULT_RUNTIMES)("on $name", (runtime) => {
  it.each(SMOKE_SCRIPTS)(
    "a turn of the built SDK loaded by %s completes and prints nothing on stderr",
    async (script) => {
      expect(await runSmoke(runtime, script)).toEqual(GOOD_END);
    },
    180_000,
  );
});
