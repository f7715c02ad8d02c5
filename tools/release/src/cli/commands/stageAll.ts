import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command } from "@commander-js/extra-typings";

import { tarballName } from "../../packFolder.js";
import { parsePlatform, type Target } from "../../platforms.js";
import { ReleaseError } from "../../releaseError.js";
import { megabytes, type StagedPackage } from "../../releaseManifest.js";
import { type PlatformSource, stageAll } from "../../stage/stageAll.js";
import type { CodexVersion } from "../../version/codexVersion.js";
import {
  codexVersionOption,
  collect,
  jsonOption,
  legacyRuntimeVersionOption,
  legacySdkVersionOption,
  noBuildOption,
  oneVersion,
  platformsOption,
  repositoryOf,
  repositoryOption,
  scopeOption,
  sourceRegistry,
  toPath,
} from "../options.js";
import type { Perform } from "../perform.js";
import { noteRehearsal } from "./stageLane.js";

/** `stage-all <out>`: a whole release. */
export function stageAllCommand(perform: Perform) {
  return new Command("stage-all")
    .description(
      "stage a whole release: folders, tarballs, and release.json with the size and hash of each",
    )
    .argument("<out>", "the folder to write; replaced if it is an earlier result", toPath)
    .addOption(codexVersionOption())
    .addOption(platformsOption())
    .option(
      "--package <platform=path>",
      "take the runtime of a platform from an unpacked Codex package, or a .tar.gz of one; may be repeated",
      collect,
    )
    .option(
      "--staged <dir>",
      "take the runtimes from what stage-runtime wrote: <dir>/<platform>, or the tarballs of it",
      toPath,
    )
    .option("--from-github", "take the other runtimes from the GitHub release")
    .option("--from-npm", "take the other runtimes from the published packages (the default)")
    .option("--registry <url>", "with --from-npm: another registry than npm is set to")
    .addOption(scopeOption())
    .addOption(noBuildOption())
    .addOption(legacySdkVersionOption())
    .addOption(legacyRuntimeVersionOption())
    .addOption(repositoryOption())
    .addOption(jsonOption())
    .action((out, options) =>
      perform(options, async (output) => {
        const version = oneVersion(options);
        const repository = repositoryOf(options);
        noteRehearsal(output, version.npm, repository.version.npm);
        const sources = readSources(options, options.platforms);
        const platforms = options.platforms.map((target) => ({
          target,
          source: sourceOf(target, version, sources),
        }));
        const onProgress = output.progress;
        const { build: builds } = options;
        const manifest = await stageAll({
          repository,
          out,
          version,
          platforms,
          builds,
          scope: options.scope,
          onProgress,
        });
        output.result(
          `${manifest.packages.map(describe).join("\n")}\nStaged ${version.npm} in ${resolve(out)}`,
          {
            ...manifest,
            folder: resolve(out),
          },
        );
      }),
    );
}

interface SourceOptions {
  readonly package?: readonly string[] | undefined;
  readonly staged?: string | undefined;
  readonly fromGithub?: true | undefined;
  readonly fromNpm?: true | undefined;
  readonly registry?: string | undefined;
}

interface Sources {
  readonly packages: ReadonlyMap<string, string>;
  readonly staged: string | undefined;
  /** Source of the platforms that neither of the others has; undefined if there is to be none. */
  readonly others: PlatformSource | undefined;
}

/** Reads the sources of the runtimes. An option that would have no effect is refused. */
function readSources(options: SourceOptions, platforms: readonly Target[]): Sources {
  const { package: pairs = [], staged, fromGithub, fromNpm } = options;
  const registry = sourceRegistry(options.registry);
  const refuse = (problem: string): ReleaseError => new ReleaseError("INVALID_ARGUMENT", problem);
  if (fromGithub && fromNpm) throw refuse("Pass one of --from-npm and --from-github.");
  const isFromNpm = fromNpm ?? (staged === undefined && !fromGithub);
  if (registry !== undefined && !isFromNpm) throw refuse("--registry goes with --from-npm.");
  const packages = new Map<string, string>();
  for (const [platform, path] of pairs.map(parsePlatformPath)) {
    if (packages.has(platform)) throw refuse(`--package names ${platform} twice.`);
    if (!platforms.some(({ id }) => id === platform)) {
      throw refuse(`--package names ${platform}, which --platforms leaves out.`);
    }
    packages.set(platform, path);
  }
  const npm: PlatformSource = { kind: "npm", registry };
  return {
    packages,
    staged,
    others: fromGithub ? { kind: "github" } : isFromNpm ? npm : undefined,
  };
}

function sourceOf(
  target: Target,
  version: CodexVersion,
  { packages, staged, others }: Sources,
): PlatformSource {
  const path = packages.get(target.id);
  if (path !== undefined) return { kind: "package", path };
  // The tarball by its whole name: one of another version may lie beside it.
  const found = [target.id, tarballName(target.packageName, version.npm)]
    .map((name) => join(staged ?? "", name))
    .find((place) => staged !== undefined && existsSync(place));
  if (found !== undefined) return { kind: "staged", path: found };
  if (others !== undefined) return others;
  throw new ReleaseError(
    "INVALID_ARGUMENT",
    `${staged ?? ""} has no staged runtime of ${target.id} at ${version.npm}.`,
  );
}

function parsePlatformPath(text: string): [string, string] {
  const [platform = "", path = ""] = text.split(/=(.*)/s);
  if (path === "") {
    throw new ReleaseError("INVALID_ARGUMENT", `--package ${text} should read linux-x64=PATH.`);
  }
  return [parsePlatform(platform).id, toPath(path)];
}

function describe({ name, version, fileCount, size }: StagedPackage): string {
  return `${name} ${version}: ${fileCount} files, ${megabytes(size)} packed`;
}
