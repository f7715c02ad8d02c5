import { cp } from "node:fs/promises";
import { join } from "node:path";

import { ReleaseError } from "../releaseError.js";
import { removeTree } from "../removeTree.js";
import { LANE, type Repository } from "../repository.js";
import { runCommand } from "../runCommand.js";
import { GENERATED_FOLDER } from "../stage/checkTypes.js";
import { type CodexVersion, compareCodexVersions } from "../version/codexVersion.js";
import {
  beginJournal,
  BUMP_FOLDER,
  type BumpJournal,
  endJournal,
  openJournal,
  removeScratch,
  restoreFiles,
  scratchFolder,
} from "./bumpJournal.js";
import { type BumpTools, bumpTools } from "./bumpTools.js";
import { checkLockFile, checkPublished } from "./lockFile.js";
import { readOwnFiles } from "./mentions.js";
import { moveManifests, PREVIOUS_PIN_FILE } from "./moveManifests.js";
import { listOf, type ProtocolReport, protocolReport } from "./protocolReport.js";
import { checkNotes, writeChangelogs } from "./writeChangelogs.js";

/** The input of {@link bumpLane}. */
export interface BumpOptions {
  readonly repository: Repository;
  readonly version: CodexVersion;
  readonly tools?: BumpTools;
  /** Ends after the report, with nothing changed. */
  readonly reportOnly?: boolean;
  /** Called before each step. */
  readonly onProgress?: (message: string) => void;
  /** Receives the report as Markdown, before anything is changed. */
  readonly onReport?: (markdown: string) => void | Promise<void>;
}

/** The result of a bump. */
export interface BumpResult {
  readonly from: string;
  readonly to: string;
  /** The changes of the protocol as Markdown, as they stand in the changelog of the types. */
  readonly notes: string;
  /** The whole report as Markdown, with what failed after it was first given. */
  readonly report: string;
  /** Questions that a person has to answer before the result is merged. */
  readonly decisions: readonly string[];
}

/** The files and folders that a bump writes, relative to the repository. */
export const BUMPED_PATHS = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  ".changeset",
  GENERATED_FOLDER,
  PREVIOUS_PIN_FILE,
  "packages/codex/test/transcripts",
  ...LANE.flatMap(({ folder }) => [`${folder}/package.json`, `${folder}/CHANGELOG.md`]),
];

/** The lines of a failed recording that are shown. */
const SHOWN_ERRORS = 10;

/**
 * Moves the packages to another runtime: reports on the protocol first, then writes manifests, aliases,
 * lock file, generated types, changelogs and transcripts. If a step fails, the files and `node_modules`
 * are restored; if the process is killed, {@link undoInterruptedBump} restores them.
 *
 * @throws ReleaseError `BUMP_FAILED` if the version is not above the present one, `RUNTIME_UNAVAILABLE`
 * if the registry lacks the runtime for a platform.
 */
export async function bumpLane(options: BumpOptions): Promise<BumpResult> {
  const { repository, version, tools = bumpTools } = options;
  const { onProgress = () => {}, onReport = () => {} } = options;
  const { root, version: from } = repository;
  if (compareCodexVersions(version, from) <= 0) {
    throw new ReleaseError(
      "BUMP_FAILED",
      `The packages are at ${from.npm}, and ${version.npm} is not above that: published versions are never used again.`,
    );
  }
  await checkGit();
  if (options.reportOnly !== true) await checkNotes(repository);
  const scratch = await scratchFolder(root);
  try {
    onProgress(`Fetching the runtime ${version.npm} and generating its types`);
    const draft = join(scratch, "generated");
    await tools.draftTypes(version, draft, scratch);
    const report = await reportOn(repository, version, draft);
    await onReport(report.markdown);
    const result = { from: from.npm, to: version.npm, notes: report.notes };
    if (options.reportOnly === true) {
      return { ...result, report: report.markdown, decisions: report.decisions };
    }
    onProgress("Checking that the registry has the runtime for every platform");
    checkPublished(await tools.publishedVersions(), version);
    const journal: BumpJournal = {
      from: from.npm,
      to: version.npm,
      commit: await commitOf(root),
      paths: BUMPED_PATHS,
    };
    await beginJournal(root, journal);
    try {
      const late = await applyBump({ repository, version, tools, onProgress }, draft, report);
      const decisions = [...report.decisions, ...late];
      await endJournal(root);
      const failed = late.length === 0 ? "" : `\n\n## Failed on the way\n\n${listOf(late)}`;
      return { ...result, report: `${report.markdown}${failed}`, decisions };
    } catch (error) {
      onProgress("Restoring the files and the installation");
      await undo(root, journal, () => repository, tools, error);
      throw error;
    }
  } finally {
    await removeScratch(root);
  }
}

/**
 * Undoes a bump that was killed, if there is one: restores the files and the installation, and removes the
 * scratch files. Returns its journal, null if there was none. `open` opens the restored checkout.
 *
 * @throws ReleaseError `BUMP_FAILED` if the checkout is at another commit since: the copies would replace
 * newer files.
 */
export async function undoInterruptedBump(
  root: string,
  open: () => Repository,
  tools: BumpTools = bumpTools,
): Promise<BumpJournal | null> {
  await removeScratch(root);
  const journal = openJournal(root);
  if (journal === null) return null;
  const commit = await commitOf(root);
  if (commit !== journal.commit) {
    throw new ReleaseError(
      "BUMP_FAILED",
      `A bump to ${journal.to} was interrupted at commit ${journal.commit ?? "(none)"}, and the checkout is at ${commit ?? "(none)"} now: its copies would replace newer files. If the files are as you want them, delete ${BUMP_FOLDER}; to undo the bump, check out that commit and run this command again.`,
    );
  }
  await undo(root, journal, open, tools);
  return journal;
}

/** Writing the changelogs needs git. Without it the bump would end after minutes of downloads. */
async function checkGit(): Promise<void> {
  try {
    await runCommand(["git", "--version"]);
  } catch (cause) {
    const problem =
      "There is no git on the PATH, with which the changelogs are written. Install it.";
    throw new ReleaseError("BUMP_FAILED", problem, { cause });
  }
}

async function commitOf(root: string): Promise<string | null> {
  try {
    const { exitCode, stdout } = await runCommand(["git", "rev-parse", "HEAD"], { cwd: root });
    return exitCode === 0 ? stdout.trim() : null;
  } catch {
    // Without git the checkout has no commits.
    return null;
  }
}

/** Restores the files and the installation; the journal stays until both are done. */
async function undo(
  root: string,
  journal: BumpJournal,
  open: () => Repository,
  tools: BumpTools,
  reason?: unknown,
): Promise<void> {
  await restoreFiles(root, journal);
  try {
    await tools.install(open(), "kept");
  } catch (cause) {
    const because = reason instanceof Error ? `The bump failed: ${reason.message}\n` : "";
    throw new ReleaseError(
      "BUMP_FAILED",
      `${because}The files of ${journal.from} are restored, but node_modules is not: ${cause instanceof Error ? cause.message : String(cause)}\nRun \`pnpm install\`, or the bump again.`,
      { cause: reason ?? cause },
    );
  }
  await endJournal(root);
}

async function reportOn(
  { root, version: from }: Repository,
  version: CodexVersion,
  draft: string,
): Promise<ProtocolReport> {
  const { diffProtocol } = await import(/* webpackIgnore: true */ "@codex-tools/typegen");
  const diff = await diffProtocol(join(root, GENERATED_FOLDER), draft).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReleaseError(
      "BUMP_FAILED",
      `The protocol types of ${version.npm} cannot be compared with ${GENERATED_FOLDER}: ${reason.replaceAll(/\s*\n\s*/g, " ")} If a file there was not generated, remove it.`,
      { cause },
    );
  });
  return protocolReport(diff, { from: from.npm, to: version.npm }, await readOwnFiles(root));
}

/** Writes everything; returns the decisions that came up on the way. */
async function applyBump(
  options: Required<Pick<BumpOptions, "repository" | "version" | "tools" | "onProgress">>,
  draft: string,
  { notes }: ProtocolReport,
): Promise<readonly string[]> {
  const { repository, version, tools, onProgress } = options;
  const { root } = repository;
  const moved: Repository = { ...repository, version };
  onProgress(`Writing ${version.npm} into the manifests`);
  await moveManifests(repository, version);
  onProgress("Writing the protocol types");
  await removeTree(join(root, GENERATED_FOLDER));
  await cp(draft, join(root, GENERATED_FOLDER), { recursive: true });
  onProgress("Installing the runtime");
  await tools.install(moved, "written");
  await checkLockFile(root, version);
  onProgress("Writing the changelogs");
  await writeChangelogs(moved, version, notes);
  onProgress("Recording the transcripts");
  try {
    await tools.record(moved);
    return [];
  } catch (error) {
    // Most often the SDK does not compile against the new types yet: that is for a person to do.
    const reason = error instanceof Error ? error.message : String(error);
    const lines = reason.split("\n").filter((line) => /\berror\b/i.test(line));
    return [
      "The transcripts could not be recorded: adapt the SDK, then run `pnpm record`.",
      ...(lines.length === 0 ? [reason] : lines).slice(0, SHOWN_ERRORS),
    ];
  }
}
