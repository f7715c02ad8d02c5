import { expect, test } from "vitest";

import { reasonIn, runOrThrow } from "../../src/runCommand.js";

test("the reason of npm's failure is its first error, not the notices before it", () => {
  const stderr = [
    "npm warn Unknown env config",
    "npm notice package: x@1.0.0",
    "npm error code E403",
    "npm error 403 Forbidden - PUT - You cannot publish over the previously published versions",
    "npm error A complete log of this run can be found in: x.log",
  ].join("\n");
  expect(reasonIn(stderr)).toMatch(/^403 Forbidden - PUT - You cannot publish over/);
  expect(reasonIn("npm notice x\n")).toBeNull();
});

test("the first line of a failed command's error is the command, its status and the reason", async () => {
  const script =
    'console.error("npm notice hello\\nnpm error code E1\\nnpm error broken"); process.exit(3)';
  const failing = runOrThrow([process.execPath, "-e", script]);
  await expect(failing).rejects.toThrow(/^[^\n]* ended with status 3: broken\n/);
});
