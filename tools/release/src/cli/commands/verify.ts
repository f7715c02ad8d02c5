import { Command } from "@commander-js/extra-typings";

import { ReleaseError } from "../../releaseError.js";
import { readRelease } from "../../releaseManifest.js";
import { verifyRelease } from "../../verify/verifyRelease.js";
import { jsonOption, repositoryOf, repositoryOption, toPath } from "../options.js";
import type { Perform } from "../perform.js";

/** `verify <out>`: everything that can be known before publication. */
export function verifyCommand(perform: Perform) {
  return new Command("verify")
    .description(
      "check a staged release: versions, pins, closure, contents, exec bits, sizes, publint and types",
    )
    .argument("<release>", "the folder that stage-all wrote", toPath)
    .option("--complete", "demand every platform of the runtime")
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((release, options) =>
      perform(options, async (output) => {
        const isComplete = options.complete ?? false;
        const findings = await verifyRelease({
          release,
          repository: repositoryOf(options),
          isComplete,
          onProgress: output.progress,
        });
        const lines = findings.map(
          ({ severity, package: name, problem }) => `${severity}: ${name} ${problem}`,
        );
        const errors = findings.filter(({ severity }) => severity === "error");
        const { version, packages } = readRelease(release).manifest;
        output.result(
          [
            ...lines,
            `Verified ${packages.length} packages of ${version}: ${errors.length} errors, ${findings.length - errors.length} warnings`,
          ].join("\n"),
          { version, findings },
        );
        if (errors.length > 0) {
          throw new ReleaseError(
            "VERIFY_FAILED",
            `${release} must not be published: ${errors.length} errors.`,
          );
        }
      }),
    );
}
