import { Command } from "@commander-js/extra-typings";

import { checkPreflight, preflight } from "../../publish/preflight.js";
import { checkRepositoryUrl, repositoryUrlOf } from "../../repository.js";
import { parseCodexVersion } from "../../version/codexVersion.js";
import { jsonOption, repositoryOf, repositoryOption, scopeOption } from "../options.js";
import type { Perform } from "../perform.js";

/** `preflight <version>`: whether a version can be published, before anything is built. */
export function preflightCommand(perform: Perform) {
  return new Command("preflight")
    .description(
      "print for each package whether a version is free, ours, or taken by the CLI; fail if it is taken",
    )
    .argument("<version>", "the Codex version, in any form that `version` reads")
    .requiredOption("--registry <url>", "the registry to look at")
    .option(
      "--workflow-repository <owner/name>",
      "the GitHub repository that publishes: provenance needs it in every manifest",
    )
    .addOption(scopeOption())
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((form, options) =>
      perform(options, async (output) => {
        const version = parseCodexVersion(form);
        const repository = repositoryOf(options);
        const { registry, scope, workflowRepository } = options;
        if (workflowRepository !== undefined) checkRepositoryUrl(repository, workflowRepository);
        const repositoryUrl = repositoryUrlOf(repository);
        const report = await preflight({ registry, version, scope, repositoryUrl });
        const lines = report.packages.map(
          ({ name, standing, because }) =>
            `${name} ${report.version}: ${standing}${because === null ? "" : ` (by ${because})`}`,
        );
        output.result(lines.join("\n"), report);
        checkPreflight(report);
      }),
    );
}
