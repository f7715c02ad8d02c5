import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);
const runNode = (...args: string[]) => run(process.execPath, args, { cwd: root });

const names = readdirSync(join(root, "examples/src")).map((file) => file.replace(/\.ts$/, ""));

describe("npm run example", () => {
  it("lists every example with its first comment", async () => {
    const { stdout } = await runNode("tools/setup/src/example.mjs");
    for (const name of names) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\s+\\S.* `, "m"));
    }
  });

  it("runs an example against its scripted model", async () => {
    const { stdout } = await runNode("tools/setup/dist/examples/main.js", "18_tools");
    expect(stdout).toContain('Answer: {"fruit":"plums","pieces":40} / We do not sell kiwis.');
  });

  it.each([["99"], ["1"], ["07", "--life"], ["07", "--live", "more"], ["15"]])(
    "refuses the arguments %s %s with the usage or the remedy, before anything is installed",
    async (...args) => {
      const ended = runNode("tools/setup/src/example.mjs", ...args);
      await expect(ended).rejects.toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining("npm run example -- "),
      });
    },
  );
});
