import { Command } from "@commander-js/extra-typings";

import { publishRelease } from "../../publish/publishRelease.js";
import { jsonOption, toPath } from "../options.js";
import type { Perform } from "../perform.js";

/** `publish <out>`: a staged release, stage by stage. */
export function publishCommand(perform: Perform) {
  return new Command("publish")
    .description(
      "publish a staged release in order; after a failure the same command continues where it stopped",
    )
    .argument("<release>", "the folder that stage-all wrote", toPath)
    .requiredOption("--registry <url>", "the registry to publish to")
    .option("--dry-run", "print what would be published, and send nothing")
    .option(
      "--provenance",
      "attest where the packages were built; works in CI only, and is left out for a registry on this machine",
    )
    .option(
      "--tag <tag>",
      "the dist-tag; by default latest, alpha, beta, rc or release-X.Y, as the version asks for",
    )
    .addOption(jsonOption())
    .action((release, options) =>
      perform(options, async (output) => {
        const { registry, tag } = options;
        const report = await publishRelease({
          release,
          registry,
          tag,
          isDryRun: options.dryRun ?? false,
          hasProvenance: options.provenance ?? false,
          onProgress: output.progress,
        });
        const lines = report.packages.map(
          ({ name, outcome }) => `${name} ${report.version}: ${outcome}`,
        );
        output.result([...lines, `dist-tag: ${report.distTag}`].join("\n"), report);
      }),
    );
}
