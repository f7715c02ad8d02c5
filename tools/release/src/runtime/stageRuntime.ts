import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { writeJson } from "../json.js";
import { runsHere, type Target } from "../platforms.js";
import { replaceFolder, type Workplace } from "../replaceFolder.js";
import { licencePath, type Repository, sharedFields } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";
import { checkNativeFiles, checkProgram, checkVersion, markExecutables } from "./checkRuntime.js";
import { checkDescription, entrypointOf } from "./codexPackage.js";
import { layOutBinary } from "./fromBinary.js";
import { fetchFromGithub } from "./fromGithub.js";
import { fetchFromNpm } from "./fromNpm.js";
import { layOutPackage } from "./fromPackage.js";
import type { RuntimeSource } from "./runtimeSource.js";
import { thirdPartyNotices } from "./thirdPartyNotices.js";

export interface StageRuntimeOptions {
  readonly repository: Repository;
  readonly out: string;
  readonly version: CodexVersion;
  readonly target: Target;
  readonly source: RuntimeSource;
  /** Whether the runtime is asked for its version; by default where this machine can run it. */
  readonly asksVersion?: boolean;
}

/**
 * Stages the npm package that carries the runtime of one platform: `<out>` is either complete
 * afterwards or as it was before.
 *
 * @throws ReleaseError that says what is wrong with the runtime, or why it cannot be had.
 */
export async function stageRuntime(options: StageRuntimeOptions): Promise<void> {
  const { repository, out, version, target, source } = options;
  await replaceFolder(out, async (workplace) => {
    const codexPackage = join(workplace.folder, "vendor", target.triple);
    await mkdir(codexPackage, { recursive: true });
    await layOut(source, target, version, { folder: codexPackage, scratch: workplace.scratch });
    checkDescription(codexPackage, target, version);
    const entrypoint = join(codexPackage, entrypointOf(target));
    await checkProgram(entrypoint, target);
    await checkNativeFiles(codexPackage, target);
    await markExecutables(codexPackage);
    if (options.asksVersion ?? runsHere(target)) await checkVersion(entrypoint, version);
    await writePackage(repository, workplace.folder, version, target);
  });
}

async function layOut(
  source: RuntimeSource,
  target: Target,
  version: CodexVersion,
  workplace: Workplace,
): Promise<void> {
  switch (source.kind) {
    case "binary":
      return layOutBinary(source, target, version, workplace.folder);
    case "package":
      return layOutPackage(source.path, target, version, workplace);
    case "npm": {
      const file = await fetchFromNpm(target, version, workplace.scratch, source.registry);
      return layOutPackage(file, target, version, workplace);
    }
    case "github": {
      const file = await fetchFromGithub(target, version, workplace.scratch);
      return layOutPackage(file, target, version, workplace);
    }
  }
}

async function writePackage(
  repository: Repository,
  folder: string,
  version: CodexVersion,
  target: Target,
): Promise<void> {
  const { repository: origin, ...shared } = sharedFields(repository);
  await copyFile(licencePath(repository), join(folder, "LICENSE"));
  await writeFile(join(folder, "README.md"), readme(target));
  const notices = await thirdPartyNotices(join(folder, "vendor"), folder);
  await writeFile(join(folder, "THIRD-PARTY-NOTICES.md"), notices);
  await writeJson(join(folder, "package.json"), {
    name: target.packageName,
    version: version.npm,
    description: `The Codex runtime for ${target.os} on ${target.cpu}.`,
    ...shared,
    repository: origin,
    os: [target.os],
    cpu: [target.cpu],
    files: ["vendor", "THIRD-PARTY-NOTICES.md"],
    // A program cannot be run out of the zip files of Yarn's Plug'n'Play.
    preferUnplugged: true,
  });
}

function readme(target: Target): string {
  return [
    `# ${target.packageName}`,
    "",
    `The [Codex](https://github.com/openai/codex) runtime for ${target.os} on ${target.cpu}. Do not install it by hand:`,
    "install `@openai/codex`, which brings the package of your platform and no other.",
    "",
    `The executable is \`vendor/${target.triple}/${entrypointOf(target)}\`; nothing runs at install time.`,
    "",
  ].join("\n");
}
