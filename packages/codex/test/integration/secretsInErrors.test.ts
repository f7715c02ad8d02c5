import { inspect } from "node:util";

import { expect, it } from "vitest";

import { TurnFailedError } from "../../src/index.js";
import { httpStatus, startHarness } from "../support/testingKit.js";

it("shows no key in the error of a turn whose provider repeats it, whatever its shape", async () => {
  const stderr: string[] = [];
  await using harness = await startHarness({
    requiresOpenaiAuth: true,
    codex: { onStderr: (line) => stderr.push(line) },
  });
  const { codex, model } = harness;
  const key = "house-key-of-no-known-shape";
  await codex.loginApiKey(key);
  model.enqueue(httpStatus(401, { body: `the key ${key} is not valid` }));
  const thread = await codex.startThread();
  const error: unknown = await thread.run("go").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TurnFailedError);
  expect(inspect(error, { depth: 10 })).toContain("[masked]");
  expect(inspect(error, { depth: 10 })).not.toContain(key);
  expect(stderr.join("\n")).not.toContain(key);
});
