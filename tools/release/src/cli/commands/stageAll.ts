import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command } from "@commander-js/extra-typings";

import { parsePlatform, type Target } from "../../platforms.js";
import { ReleaseError } from "../../releaseError.js";
import { megabytes, type StagedPackage } from "../../releaseManifest.js";
import { type PlatformSource, stageAll } from "../../stage/stageAll.js";
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
        const packages = new Map((options.package ?? []).map(parsePlatformPath));
        const platforms = options.platforms.map((target) => ({
          target,
          source: sourceOf(target, packages, options),
        }));
        const onProgress = output.note;
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
  readonly staged?: string | undefined;
  readonly fromGithub?: true | undefined;
  readonly fromNpm?: true | undefined;
  readonly registry?: string | undefined;
}

function sourceOf(
  target: Target,
  packages: ReadonlyMap<string, string>,
  options: SourceOptions,
): PlatformSource {
  const path = packages.get(target.id);
  if (path !== undefined) return { kind: "package", path };
  const staged = options.staged === undefined ? undefined : findStaged(options.staged, target);
  if (staged !== undefined) return { kind: "staged", path: staged };
  if (options.staged !== undefined && !options.fromGithub && !options.fromNpm) {
    throw new ReleaseError(
      "INVALID_ARGUMENT",
      `${options.staged} has no staged runtime of ${target.id}.`,
    );
  }
  return options.fromGithub ? { kind: "github" } : { kind: "npm", registry: options.registry };
}

function findStaged(folder: string, target: Target): string | undefined {
  if (existsSync(join(folder, target.id))) return join(folder, target.id);
  const prefix = `${target.packageName.replace("@", "").replace("/", "-")}-`;
  const tarball = existsSync(folder)
    ? readdirSync(folder).find((name) => name.startsWith(prefix) && name.endsWith(".tgz"))
    : undefined;
  return tarball === undefined ? undefined : join(folder, tarball);
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
