import { statSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { writeJson } from "../json.js";
import { runsHere, type Target } from "../platforms.js";
import type { OnProgress } from "../progress.js";
import { megabytes } from "../releaseManifest.js";
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
  /** True if the runtime is asked for its version; by default where this machine can run it. */
  readonly asksVersion?: boolean;
  /** Receives a line before and after the runtime is fetched. */
  readonly onProgress?: OnProgress;
}

/**
 * Stages the npm package that carries the runtime of one platform: `<out>` is either complete
 * afterwards or as it was before.
 *
 * @throws ReleaseError with the fault of the runtime, or the reason why it cannot be fetched.
 */
export async function stageRuntime(options: StageRuntimeOptions): Promise<void> {
  const { repository, out, version, target, source } = options;
  await replaceFolder(out, async (workplace) => {
    const codexPackage = join(workplace.folder, "vendor", target.triple);
    await mkdir(codexPackage, { recursive: true });
    const places = { folder: codexPackage, scratch: workplace.scratch };
    await layOut(source, target, version, places, options.onProgress ?? (() => {}));
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
  onProgress: OnProgress,
): Promise<void> {
  const fetched = async (file: string): Promise<void> => {
    onProgress(`Fetched ${basename(file)}: ${megabytes(statSync(file).size)}`);
    await layOutPackage(file, target, version, workplace);
  };
  switch (source.kind) {
    case "binary":
      return layOutBinary(source, target, version, workplace.folder);
    case "package":
      return layOutPackage(source.path, target, version, workplace);
    case "npm":
      onProgress(`Fetching the runtime ${version.npm} of ${target.id} from npm`);
      return fetched(await fetchFromNpm(target, version, workplace.scratch, source.registry));
    case "github":
      onProgress(`Fetching the runtime ${version.npm} of ${target.id} from GitHub`);
      return fetched(await fetchFromGithub(target, version, workplace.scratch));
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
