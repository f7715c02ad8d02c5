import { resolve } from "node:path";

import { Command } from "@commander-js/extra-typings";

import { LANE, type LanePackage, type Repository } from "../../repository.js";
import { stagePackage } from "../../stage/stagePackage.js";
import type { CodexVersion } from "../../version/codexVersion.js";
import {
  codexVersionOption,
  jsonOption,
  legacyRuntimeVersionOption,
  legacySdkVersionOption,
  noBuildOption,
  oneVersion,
  platformsOption,
  repositoryOf,
  repositoryOption,
  toPath,
} from "../options.js";
import type { Output } from "../output.js";
import type { Perform } from "../perform.js";

/** `stage-cli-bin <out>`: the runtime lookup. */
export function stageCliBinCommand(perform: Perform) {
  return laneCommand("stage-cli-bin", "stage the package that finds the runtime")
    .addOption(platformsOption())
    .action((out, options) =>
      perform(options, async (output) => {
        const [version, repository] = [oneVersion(options), repositoryOf(options)];
        const lanePackage = LANE[0];
        const { platforms, build: builds } = options;
        await stagePackage({ repository, out, version, lanePackage, platforms, builds });
        report(output, out, lanePackage, version, repository);
      }),
    );
}

/** `stage-types <out>`: the protocol types. */
export function stageTypesCommand(perform: Perform) {
  return laneCommand("stage-types", "stage the package of the protocol types").action(
    (out, options) =>
      perform(options, async (output) => {
        const [version, repository] = [oneVersion(options), repositoryOf(options)];
        const lanePackage = LANE[1];
        await stagePackage({ repository, out, version, lanePackage, builds: options.build });
        report(output, out, lanePackage, version, repository);
      }),
  );
}

/** `stage-sdk <out>`: the SDK, after a check that the protocol types are fresh. */
export function stageSdkCommand(perform: Perform) {
  return laneCommand(
    "stage-sdk",
    "generate the protocol types, stop if those that are checked in differ, and stage the SDK",
  ).action((out, options) =>
    perform(options, async (output) => {
      const [version, repository] = [oneVersion(options), repositoryOf(options)];
      const lanePackage = LANE[2];
      await stagePackage({ repository, out, version, lanePackage, builds: options.build });
      report(output, out, lanePackage, version, repository);
    }),
  );
}

function laneCommand(name: string, description: string) {
  return new Command(name)
    .description(description)
    .argument("<out>", "the folder to write; replaced if it is an earlier result", toPath)
    .addOption(codexVersionOption())
    .addOption(noBuildOption())
    .addOption(legacySdkVersionOption())
    .addOption(legacyRuntimeVersionOption())
    .addOption(repositoryOption())
    .addOption(jsonOption());
}

function report(
  output: Output,
  out: string,
  { name }: LanePackage,
  { npm }: CodexVersion,
  { version: lane }: Repository,
): void {
  noteRehearsal(output, npm, lane.npm);
  const value = { name, version: npm, folder: resolve(out) };
  output.result(`Staged ${value.name} ${value.version} in ${value.folder}`, value);
}

/** Notes that a release of another version than the checkout's cannot be published for real. */
export function noteRehearsal(output: Output, staged: string, lane: string): void {
  if (staged === lane) return;
  output.note(
    `note: this checkout is at ${lane}, and its protocol types with it. What is staged as ${staged} is a rehearsal; for a release run \`pnpm release bump --codex-version ${staged}\` first.`,
  );
}
