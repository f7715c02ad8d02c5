import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";

import { copyTree } from "../copyTree.js";
import { integrityOf } from "../integrity.js";
import { readJsonObject, writeJson } from "../json.js";
import { packFolders } from "../packFolder.js";
import type { Target } from "../platforms.js";
import type { OnProgress } from "../progress.js";
import { ReleaseError } from "../releaseError.js";
import {
  inPublishOrder,
  megabytes,
  MANIFEST_FILE,
  type ReleaseManifest,
  type Stage,
  type StagedPackage,
} from "../releaseManifest.js";
import { replaceFolder } from "../replaceFolder.js";
import { LANE, type Repository } from "../repository.js";
import { checkNativeFiles, markExecutables } from "../runtime/checkRuntime.js";
import { checkDescription } from "../runtime/codexPackage.js";
import type { RuntimeSource } from "../runtime/runtimeSource.js";
import { stageRuntime } from "../runtime/stageRuntime.js";
import { inScope, moveToScope, OWN_SCOPE, ownNameOf } from "../scope.js";
import { extractTarball, listTarball } from "../tarball.js";
import type { CodexVersion } from "../version/codexVersion.js";
import type { CheckoutTools } from "./checkoutTools.js";
import { GENERATED_FOLDER } from "./checkTypes.js";
import { stagePackage } from "./stagePackage.js";

/** Source of the runtime package of a platform: to be staged, or staged before (a folder or a `.tgz`). */
export type PlatformSource = RuntimeSource | { readonly kind: "staged"; readonly path: string };

export interface StageAllOptions {
  readonly repository: Repository;
  readonly out: string;
  readonly version: CodexVersion;
  readonly platforms: readonly { readonly target: Target; readonly source: PlatformSource }[];
  readonly builds?: boolean;
  readonly asksVersion?: boolean;
  readonly tools?: CheckoutTools;
  /** npm scope of the packages; `@openai` by default. */
  readonly scope?: string;
  /** Receives a line for each step. */
  readonly onProgress?: OnProgress;
}

/**
 * Stages a whole release: folders, tarballs, and a manifest with the size and hash of each. `<out>` is
 * either complete afterwards or as it was before.
 */
export async function stageAll(options: StageAllOptions): Promise<ReleaseManifest> {
  const { repository, version, platforms, scope = OWN_SCOPE, onProgress = () => {} } = options;
  const common = { repository, version, ...pick(options) };
  return replaceFolder(options.out, async ({ folder }) => {
    await mkdir(join(folder, "packages"));
    await mkdir(join(folder, "tarballs"));
    // Each package is staged, then packed.
    const total = 2 * (LANE.length + platforms.length);
    const staged: { readonly stage: Stage; readonly name: string; readonly folder: string }[] = [];
    const place = (stage: Stage, ownName: string): string => {
      const name = inScope(ownName, scope);
      const relative = `packages/${name.slice(name.indexOf("/") + 1)}`;
      onProgress(`Staging ${name} ${version.npm}`, { done: staged.length, total });
      staged.push({ stage, name, folder: relative });
      return join(folder, relative);
    };
    // The hand-written packages first: they fail fast, and runtimes take long.
    for (const lanePackage of LANE) {
      const out = place(lanePackage.stage, lanePackage.name);
      const pinned = platforms.map(({ target }) => target);
      await stagePackage({ ...common, out, lanePackage, platforms: pinned });
    }
    for (const { target, source } of platforms) {
      const out = place("platform", target.packageName);
      await (source.kind === "staged"
        ? takeStaged(source.path, out, target, version)
        : stageRuntime({ ...common, out, target, source, onProgress }));
    }
    const packages: StagedPackage[] = [];
    for (const each of staged) {
      await moveToScope(join(folder, each.folder), scope);
      const [tarball = ""] = await packFolders(
        [join(folder, each.folder)],
        join(folder, "tarballs"),
      );
      const described = await describe(each, version, tarball);
      onProgress(
        `Packed ${each.name} ${version.npm}: ${described.fileCount} files, ${megabytes(described.unpackedSize)} in ${megabytes(described.size)}`,
        { done: staged.length + packages.push(described), total },
      );
    }
    const manifest: ReleaseManifest = {
      version: version.npm,
      tag: version.tag,
      scope,
      typesVersion: typesVersionOf(repository),
      packages: inPublishOrder(packages),
    };
    await writeJson(join(folder, MANIFEST_FILE), manifest);
    return manifest;
  });
}

/** The options that single steps share, without those that were not given. */
function pick(options: StageAllOptions): Partial<StageAllOptions> {
  const { builds, asksVersion, tools } = options;
  return {
    ...(builds === undefined ? {} : { builds }),
    ...(asksVersion === undefined ? {} : { asksVersion }),
    ...(tools === undefined ? {} : { tools }),
  };
}

async function takeStaged(
  from: string,
  out: string,
  target: Target,
  version: CodexVersion,
): Promise<void> {
  const refusal = (problem: string): ReleaseError =>
    new ReleaseError(
      "INVALID_PACKAGE",
      `${from} ${problem}. Make it with \`pnpm release stage-runtime\`.`,
    );
  const isTarball = from.endsWith(".tgz");
  const stats = statSync(from, { throwIfNoEntry: false });
  if (stats === undefined) throw refusal("does not exist");
  if (!(isTarball ? stats.isFile() : stats.isDirectory()))
    throw refusal("is not a folder, and not a tarball (.tgz)");
  await mkdir(out);
  await (isTarball ? extractTarball(from, out, 1) : copyTree(from, out));
  const file = join(out, "package.json");
  if (!existsSync(file)) {
    throw refusal("is not a staged runtime package");
  }
  const { name, version: found } = readJsonObject(file);
  if (ownNameOf(String(name)) !== target.packageName || found !== version.npm) {
    throw new ReleaseError(
      "INVALID_PACKAGE",
      `${from} is ${String(name)} ${String(found)}, not ${target.packageName} ${version.npm}.`,
    );
  }
  const runtime = join("vendor", target.triple);
  if (!existsSync(join(out, runtime))) {
    throw refusal(`has no folder ${runtime}, so it does not contain a runtime`);
  }
  checkDescription(join(out, runtime), target, version);
  await checkNativeFiles(join(out, runtime), target, join(from, runtime));
  // A package that was staged on Windows, or went through a zip, has no executable bits.
  await markExecutables(join(out, "vendor"));
}

async function describe(
  staged: { readonly stage: Stage; readonly name: string; readonly folder: string },
  version: CodexVersion,
  tarball: string,
): Promise<StagedPackage> {
  const files = (await listTarball(tarball)).filter((entry) => entry.isFile);
  return {
    name: staged.name,
    version: version.npm,
    stage: staged.stage,
    folder: staged.folder,
    tarball: `tarballs/${basename(tarball)}`,
    fileCount: files.length,
    size: statSync(tarball).size,
    unpackedSize: files.reduce((sum, { size }) => sum + size, 0),
    integrity: await integrityOf(tarball),
  };
}

function typesVersionOf(repository: Repository): string {
  const file = join(repository.root, GENERATED_FOLDER, "manifest.json");
  return String(readJsonObject(file)["runtimeVersion"]);
}
