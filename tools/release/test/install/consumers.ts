import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { runCommand } from "../../src/runCommand.js";
import type { Shop } from "./failures.js";
import { repository } from "./market.js";

const program = `
import { Codex, CodexError, type TurnResult } from "@openai/codex";
import type { Thread } from "@openai/codex/types";
import { CodexClient } from "@openai/codex/client";
import { ScriptedModel } from "@openai/codex/testing";

export async function ask(question: string): Promise<TurnResult> {
  const codex = new Codex();
  try {
    const thread = await codex.startThread();
    return await thread.run(question);
  } catch (error) {
    if (error instanceof CodexError) console.error(error.code);
    throw error;
  }
}
export type Record = Pick<Thread, "id">;
export const classes = [CodexClient, ScriptedModel];
`;

/** Projects that compile against the installed packages, every declaration checked. */
export function consumerTests({ project, timeoutMs }: Shop): void {
  const compiler = join(
    dirname(
      createRequire(join(repository.root, "package.json")).resolve("typescript/package.json"),
    ),
    "bin/tsc",
  );

  test.each([
    ["node16", "node16", "mts"],
    ["nodenext", "nodenext", "mts"],
    ["nodenext", "nodenext", "cts"],
    ["esnext", "bundler", "ts"],
  ])(
    "with module %s and resolution %s compiles a .%s file",
    async (module, moduleResolution, extension) => {
      const name = `program-${moduleResolution}.${extension}`;
      await writeFile(join(project(), name), program);
      const config = join(project(), `tsconfig.${moduleResolution}.${extension}.json`);
      const compilerOptions = {
        module,
        moduleResolution,
        target: "es2022",
        types: [],
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(config, JSON.stringify({ compilerOptions, files: [name] }));
      const { stdout } = await runCommand([
        process.execPath,
        compiler,
        "-p",
        config,
        "--pretty",
        "false",
      ]);
      expect(stdout).toBe("");
    },
    timeoutMs,
  );
}
