import { writeFile } from "node:fs/promises";

import { Command, Option } from "@commander-js/extra-typings";

import { bumpLane, undoInterruptedBump } from "../../bump/bumpLane.js";
import { whileNoOtherBump } from "../../bump/bumpLock.js";
import { listOf } from "../../bump/protocolReport.js";
import { repositoryRoot } from "../../repository.js";
import { compareCodexVersions } from "../../version/codexVersion.js";
import {
  codexVersionOption,
  jsonOption,
  oneVersion,
  repositoryOf,
  repositoryOption,
  toPath,
} from "../options.js";
import type { Perform } from "../perform.js";

/** Builds `bump`, which moves the packages to another runtime. */
export function bumpCommand(perform: Perform) {
  return new Command("bump")
    .description(
      "move the packages to another runtime: report, manifests, lock file, types, changelogs, transcripts",
    )
    .addOption(codexVersionOption().makeOptionMandatory())
    .option("--if-newer", "do nothing if the packages are at that version or above")
    .option("--report-only", "print the report on the protocol and change nothing")
    .addOption(
      new Option(
        "--report <file>",
        "write the report to a file too, before anything is changed",
      ).argParser(toPath),
    )
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((options) =>
      perform(options, async (output) => {
        const version = oneVersion(options);
        const root = repositoryRoot(options.repository);
        await whileNoOtherBump(root, async () => {
          const undone = await undoInterruptedBump(root, () => repositoryOf(options));
          if (undone !== null) {
            output.note(`A bump to ${undone.to} was interrupted; its changes are undone.`);
          }
          const repository = repositoryOf(options);
          const { npm } = repository.version;
          if (options.ifNewer && compareCodexVersions(version, repository.version) <= 0) {
            output.result(`The packages are at ${npm}; ${version.npm} is not above that.`, {
              from: npm,
              to: npm,
              notes: "",
              report: "",
              decisions: [],
            });
            return;
          }
          const result = await bumpLane({
            repository,
            version,
            reportOnly: options.reportOnly === true,
            onProgress: output.progress,
            onReport: async (markdown) => {
              if (options.report !== undefined) await writeFile(options.report, `${markdown}\n`);
              // As JSON it is a part of the result, which a failure later on would withhold.
              if (options.json) output.note(markdown);
              else output.result(markdown, {});
            },
          });
          if (options.json) output.result("", result);
          else if (options.reportOnly !== true) {
            output.note(
              `The packages are at ${result.to}. To decide before the change is merged:\n\n${listOf(result.decisions)}`,
            );
          }
        });
      }),
    );
}
