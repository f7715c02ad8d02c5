import { mkdir } from "node:fs/promises";

import { Command } from "@commander-js/extra-typings";

import { packFolders } from "../../packFolder.js";
import { ReleaseError } from "../../releaseError.js";
import type { RuntimeSource } from "../../runtime/runtimeSource.js";
import { stageRuntime } from "../../runtime/stageRuntime.js";
import {
  codexVersionOption,
  collectPath,
  jsonOption,
  legacyRuntimeVersionOption,
  legacySdkVersionOption,
  oneVersion,
  platformOption,
  repositoryOf,
  repositoryOption,
  sourceRegistry,
  toPath,
} from "../options.js";
import type { Perform } from "../perform.js";

/** `stage-runtime <out>`: the package of one platform. */
export function stageRuntimeCommand(perform: Perform) {
  return new Command("stage-runtime")
    .description("stage the npm package that carries the runtime of one platform")
    .argument("<out>", "the folder to write; replaced if it is an earlier result", toPath)
    .addOption(codexVersionOption())
    .addOption(platformOption().makeOptionMandatory())
    .option("--binary <path>", "take this executable", toPath)
    .option(
      "--resource <path>",
      "with --binary: a file or folder that goes with it; may be repeated",
      collectPath,
    )
    .option("--package <path>", "take an unpacked Codex package, or a .tar.gz of one", toPath)
    .option("--pack <dir>", "also pack the package, into a tarball in this folder", toPath)
    .option("--from-npm", "take the published platform package, checked against its integrity")
    .option(
      "--from-github",
      "take the asset of the GitHub release, checked against its digest (uses GH_TOKEN)",
    )
    .option("--registry <url>", "with --from-npm: another registry than npm is set to")
    .addOption(legacySdkVersionOption())
    .addOption(legacyRuntimeVersionOption())
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((out, options) =>
      perform(options, async (output) => {
        const version = oneVersion(options);
        const source = runtimeSource(options);
        const target = options.platform;
        await stageRuntime({
          repository: repositoryOf(options),
          out,
          version,
          target,
          source,
          onProgress: output.progress,
        });
        const tarballs = options.pack === undefined ? [] : await pack(out, options.pack);
        const value = { name: target.packageName, version: version.npm, folder: out, tarballs };
        output.result(
          [`Staged ${value.name} ${value.version} in ${out}`, ...tarballs].join("\n"),
          value,
        );
      }),
    );
}

/** Packs a staged folder; a workflow hands tarballs on, as its artifacts keep no executable bits. */
async function pack(folder: string, destination: string): Promise<readonly string[]> {
  await mkdir(destination, { recursive: true });
  return packFolders([folder], destination);
}

interface SourceOptions {
  readonly binary?: string | undefined;
  readonly resource?: readonly string[] | undefined;
  readonly package?: string | undefined;
  readonly fromNpm?: true | undefined;
  readonly fromGithub?: true | undefined;
  readonly registry?: string | undefined;
}

function runtimeSource(options: SourceOptions): RuntimeSource {
  const { binary, resource: resources = [] } = options;
  const registry = sourceRegistry(options.registry);
  const sources: RuntimeSource[] = [
    ...(binary === undefined ? [] : [{ kind: "binary", path: binary, resources } as const]),
    ...(options.package === undefined ? [] : [{ kind: "package", path: options.package } as const]),
    ...(options.fromNpm === undefined ? [] : [{ kind: "npm", registry } as const]),
    ...(options.fromGithub === undefined ? [] : [{ kind: "github" } as const]),
  ];
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `Name the source of the runtime by one of --binary, --package, --from-npm and --from-github; ${sources.length} were given.`,
    );
  }
  if (resources.length > 0 && source.kind !== "binary") {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      "--resource goes with --binary; packages bring their own.",
    );
  }
  if (registry !== undefined && source.kind !== "npm") {
    throw new ReleaseError("INVALID_ARGUMENT", "--registry goes with --from-npm.");
  }
  return source;
}
