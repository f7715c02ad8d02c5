import { join } from "node:path";

import { ReleaseError } from "../releaseError.js";
import { LANE, type Repository } from "../repository.js";
import { pnpmCommand, runOrThrow } from "../runCommand.js";
import { GENERATED_FOLDER } from "../stage/checkTypes.js";
import { type CodexVersion, compareCodexVersions } from "../version/codexVersion.js";
import { allOrNothing } from "./fileJournal.js";
import { moveManifests } from "./moveManifests.js";
import { protocolNotes } from "./protocolNotes.js";
import { writeChangelogs } from "./writeChangelogs.js";

/** What moving the lane needs of the checkout; tests put others in its place. */
export interface BumpTools {
  /** Brings the runtime that the manifests name, and writes the lock file. */
  readonly install: (repository: Repository) => Promise<void>;
  /** Generates the protocol types of that runtime. */
  readonly generate: (repository: Repository) => Promise<void>;
}

/** The checkout's own commands. */
export const bumpTools: BumpTools = {
  async install({ root }) {
    await runOrThrow([...pnpmCommand(), "install", "--no-frozen-lockfile"], { cwd: root });
  },
  async generate({ root }) {
    await runOrThrow([...pnpmCommand(), "run", "generate"], { cwd: root });
  },
};

export interface BumpOptions {
  readonly repository: Repository;
  readonly version: CodexVersion;
  readonly tools?: BumpTools;
  readonly onProgress?: (message: string) => void;
}

/** What a bump did. */
export interface BumpReport {
  readonly from: string;
  readonly to: string;
  /** What changed in the protocol, as markdown. */
  readonly notes: string;
}

/** Everything that a bump writes, relative to the repository. */
const WRITTEN = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  ".changeset",
  GENERATED_FOLDER,
  ...LANE.flatMap(({ folder }) => [`${folder}/package.json`, `${folder}/CHANGELOG.md`]),
];

/**
 * Moves the lane to another runtime: manifests, aliases, lock file, generated types and changelogs. If a
 * step fails, the files are as before.
 *
 * @throws ReleaseError `BUMP_FAILED` if the version is not above the present one.
 */
export async function bumpLane(options: BumpOptions): Promise<BumpReport> {
  const { repository, version, tools = bumpTools, onProgress = () => {} } = options;
  const from = repository.version;
  if (compareCodexVersions(version, from) <= 0) {
    throw new ReleaseError(
      "BUMP_FAILED",
      `The lane is at ${from.npm}, and ${version.npm} is not above that: published versions are never used again.`,
    );
  }
  return allOrNothing(repository.root, WRITTEN, async (before) => {
    onProgress(`Writing ${version.npm} into the manifests`);
    await moveManifests(repository, version);
    const moved: Repository = { ...repository, version };
    onProgress("Installing the runtime");
    await tools.install(moved);
    onProgress("Generating the protocol types");
    await tools.generate(moved);
    const { diffProtocol } = await import(/* webpackIgnore: true */ "@codex-tools/typegen");
    const diff = await diffProtocol(
      join(before, GENERATED_FOLDER),
      join(repository.root, GENERATED_FOLDER),
    );
    const notes = protocolNotes(diff, from.npm, version.npm);
    onProgress("Writing the changelogs");
    await writeChangelogs(moved, version, notes);
    return { from: from.npm, to: version.npm, notes };
  });
}
