import { Command } from "@commander-js/extra-typings";

import { bumpLane } from "../../bump/bumpLane.js";
import { compareCodexVersions } from "../../version/codexVersion.js";
import {
  codexVersionOption,
  jsonOption,
  oneVersion,
  repositoryOf,
  repositoryOption,
} from "../options.js";
import type { Perform } from "../perform.js";

/** `bump`: moves the lane to another runtime. */
export function bumpCommand(perform: Perform) {
  return new Command("bump")
    .description(
      "move the lane to another runtime: manifests, lock file, generated types, changelogs",
    )
    .addOption(codexVersionOption().makeOptionMandatory())
    .option("--if-newer", "do nothing if the lane is at that version or above")
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((options) =>
      perform(options, async (output) => {
        const [version, repository] = [oneVersion(options), repositoryOf(options)];
        const { npm } = repository.version;
        if (options.ifNewer && compareCodexVersions(version, repository.version) <= 0) {
          output.result(`The lane is at ${npm}; ${version.npm} is not above that.`, {
            from: npm,
            to: npm,
            notes: "",
          });
          return;
        }
        const report = await bumpLane({ repository, version, onProgress: output.note });
        output.result(report.notes, report);
      }),
    );
}
