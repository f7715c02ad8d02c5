import { Command } from "@commander-js/extra-typings";

import { parseCodexVersion } from "../../version/codexVersion.js";
import { distTagOf } from "../../version/distTag.js";
import { jsonOption } from "../options.js";
import type { Perform } from "../perform.js";

/** `version <form>`: what a version is called on npm, as a tag, on PyPI, and its dist-tag. */
export function versionCommand(perform: Perform) {
  return new Command("version")
    .description("show what a Codex version is called on npm, as a release tag and on PyPI")
    .argument("<form>", "a version in any accepted form, such as rust-v0.116.0-alpha.1")
    .option(
      "--published <versions>",
      "published versions with commas between them; the dist-tag depends on them",
      "",
    )
    .addOption(jsonOption())
    .action((form, options) =>
      perform(options, async (output) => {
        const version = parseCodexVersion(form);
        const { npm, tag, pep440 } = version;
        const published = options.published.split(",").map((each) => each.trim());
        const value = { npm, tag, pep440, distTag: distTagOf(version, published) };
        const text = [
          `npm       ${value.npm}`,
          `tag       ${value.tag}`,
          `PEP 440   ${value.pep440}`,
          `dist-tag  ${value.distTag}`,
        ];
        output.result(text.join("\n"), value);
      }),
    );
}
