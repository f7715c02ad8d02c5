import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/scale/main.js", import.meta.url));

describe("the short run of scale", () => {
  it("measures every size and prints a table for each kind", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--expose-gc",
      main,
      "--short",
    ]);
    const tables = stdout.split("### ").slice(1);
    expect(tables.map((table) => table.split("\n")[0])).toEqual([
      "Threads on one runtime",
      "The same threads on several runtimes",
      "Length of a thread",
      "Length of a turn",
    ]);
    for (const table of tables) expect(table.match(/^\| \d/gmu)).toHaveLength(2);
    expect(stdout).not.toContain("NaN");
  });
});
