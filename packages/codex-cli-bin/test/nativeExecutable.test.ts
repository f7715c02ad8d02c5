import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import { codexPath } from "../src/index.js";
import { isNativeExecutable } from "../src/nativeExecutable.js";
import { temporaryFolder } from "./support/fixtures.js";

const other = process.arch === "x64" ? "arm64" : "x64";

test.skipIf(process.platform === "win32")(
  "Node and the runtime are native programs of this processor, and of no other",
  () => {
    const files = [process.execPath, codexPath()];
    expect(files.map((file) => isNativeExecutable(file, process.arch))).toEqual([true, true]);
    expect(files.map((file) => isNativeExecutable(file, other))).toEqual([false, false]);
  },
);

test.each([
  ["a script", "#!/bin/sh\necho a script that is longer than the header of a native program\n"],
  ["an empty file", ""],
  ["a program that was cut off", "\x7fELF\x02\x01\x01"],
])("%s is not a native program", async (_, content) => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, "codex");
  await writeFile(file, content, "latin1");
  expect(isNativeExecutable(file, process.arch)).toBe(false);
});

test("a missing file is not a native program", () => {
  expect(isNativeExecutable("/no/such/file", process.arch)).toBe(false);
});

test.runIf(process.platform === "linux")(
  "a program whose loader does not exist on this machine is not taken for a native program",
  async () => {
    await using folder = await temporaryFolder();
    const program = await readFile(process.execPath);
    const loader = program.indexOf("/lib", 64);
    program.write("/nil", loader);
    const file = path.join(folder.path, "node");
    await writeFile(file, program.subarray(0, 8192));
    expect(isNativeExecutable(file, process.arch)).toBe(false);
    await writeFile(file, (await readFile(process.execPath)).subarray(0, 8192));
    expect(isNativeExecutable(file, process.arch)).toBe(true);
  },
);
