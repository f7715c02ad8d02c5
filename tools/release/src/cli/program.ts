import { Command } from "@commander-js/extra-typings";

import { bumpCommand } from "./commands/bump.js";
import { preflightCommand } from "./commands/preflight.js";
import { publishCommand } from "./commands/publish.js";
import { stageAllCommand } from "./commands/stageAll.js";
import { stageCliBinCommand, stageSdkCommand, stageTypesCommand } from "./commands/stageLane.js";
import { stageRuntimeCommand } from "./commands/stageRuntime.js";
import { verifyCommand } from "./commands/verify.js";
import { versionCommand } from "./commands/version.js";
import type { Perform } from "./perform.js";

/** The tool's command line. */
export function createProgram(perform: Perform): Command {
  const program = new Command("release").description(
    "Stages, verifies and publishes the Codex packages.",
  );
  const commands = [
    versionCommand(perform),
    stageRuntimeCommand(perform),
    stageCliBinCommand(perform),
    stageTypesCommand(perform),
    stageSdkCommand(perform),
    stageAllCommand(perform),
    verifyCommand(perform),
    preflightCommand(perform),
    publishCommand(perform),
    bumpCommand(perform),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
