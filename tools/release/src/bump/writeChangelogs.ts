import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Packages } from "@manypkg/get-packages";

import { ReleaseError } from "../releaseError.js";
import { removeTree } from "../removeTree.js";
import { LANE, type Repository } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";

const LANE_NAMES: ReadonlySet<string> = new Set(LANE.map(({ name }) => name));

/**
 * Checks the notes in `.changeset`, before a bump has downloaded or written anything.
 *
 * @throws ReleaseError `BUMP_FAILED` for a note that cannot be read, has no text, or is about a package that is
 * not published, and in the pre mode of changesets, which would keep all notes.
 */
export async function checkNotes(repository: Repository): Promise<void> {
  const refuse = (problem: string, options?: ErrorOptions): ReleaseError =>
    new ReleaseError("BUMP_FAILED", problem, options);
  const { plan } = await planReleases(repository).catch((cause: unknown) => {
    const [reason = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw refuse(
      `The notes in .changeset cannot be read: ${reason.replace(/\.$/, "")}. Correct them, and run the bump again.`,
      { cause },
    );
  });
  if (plan.preState !== undefined) {
    throw refuse(
      "changesets is in its pre mode, in which it keeps every note. Delete .changeset/pre.json: the version of a bump is given.",
    );
  }
  for (const { id, summary, releases } of plan.changesets) {
    const other = releases.find(({ name }) => !LANE_NAMES.has(name));
    if (other !== undefined) {
      throw refuse(
        `.changeset/${id}.md is about ${other.name}, which is not published. Name one of ${[...LANE_NAMES].join(", ")}, or delete the note.`,
      );
    }
    if (releases.length > 0 && summary.trim() === "") {
      throw refuse(`.changeset/${id}.md has no text. Write the note, or delete the file.`);
    }
  }
}

/**
 * Adds the bump's own note to those in `.changeset`, and turns all of them into the changelogs of
 * `version`. changesets computes which packages are released with which notes; the version that it would
 * give them is replaced, because the runtime determines the version (docs/adr).
 */
export async function writeChangelogs(
  repository: Repository,
  version: CodexVersion,
  notes: string,
): Promise<void> {
  const note = `codex-${version.npm.replaceAll(".", "-")}`;
  const everyone = [...LANE_NAMES];
  await writeChangeset(repository, note, everyone, `Moves to the Codex runtime ${version.npm}.`);
  await writeChangeset(repository, `${note}-protocol`, ["@openai/codex-types"], notes);
  const { default: applyReleasePlan } = await import(
    /* webpackIgnore: true */ "@changesets/apply-release-plan"
  );
  const { plan, packages, config } = await planReleases(repository);
  // changesets looks for the commit that added a note, which our changelogs do not name. In a clone without the whole
  // history it fetches for ever where it cannot fetch. A file that no commit has is not looked for in vain.
  const uncommitted = (id: string): string => `${id}-of-this-bump`;
  const releases = plan.releases
    .filter(({ name }) => LANE_NAMES.has(name))
    .map((release) => ({
      ...release,
      newVersion: version.npm,
      changesets: release.changesets.map(uncommitted),
    }));
  const changesets = plan.changesets.map((each) => ({ ...each, id: uncommitted(each.id) }));
  await applyReleasePlan({ ...plan, releases, changesets }, packages, config);
  for (const { id } of plan.changesets) {
    await removeTree(join(repository.root, ".changeset", `${id}.md`));
  }
}

async function planReleases({ root }: Repository) {
  // From the checkout's own installation: they are not part of the bundle.
  const [{ default: getReleasePlan }, { read }, { getPackages }] = await Promise.all([
    import(/* webpackIgnore: true */ "@changesets/get-release-plan"),
    import(/* webpackIgnore: true */ "@changesets/config"),
    import(/* webpackIgnore: true */ "@manypkg/get-packages"),
  ]);
  const packages: Packages = await getPackages(root);
  // The private tools depend on the published packages, and would be released with them.
  const config = {
    ...(await read(root, packages)),
    privatePackages: { version: false, tag: false } as const,
  };
  return { plan: await getReleasePlan(root, undefined, config), packages, config };
}

async function writeChangeset(
  repository: Repository,
  name: string,
  packages: readonly string[],
  summary: string,
): Promise<void> {
  const folder = join(repository.root, ".changeset");
  await mkdir(folder, { recursive: true });
  const releases = packages.map((each) => `"${each}": minor`);
  await writeFile(
    join(folder, `${name}.md`),
    ["---", ...releases, "---", "", summary, ""].join("\n"),
  );
}
