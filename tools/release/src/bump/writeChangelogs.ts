import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LANE, type Repository } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";

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
  const everyone = LANE.map((each) => each.name);
  await writeChangeset(repository, note, everyone, `Moves to the Codex runtime ${version.npm}.`);
  await writeChangeset(repository, `${note}-protocol`, ["@openai/codex-types"], notes);
  // From the checkout's own installation: they are not part of the bundle.
  const [{ default: getReleasePlan }, { default: applyReleasePlan }, { read }, { getPackages }] =
    await Promise.all([
      import(/* webpackIgnore: true */ "@changesets/get-release-plan"),
      import(/* webpackIgnore: true */ "@changesets/apply-release-plan"),
      import(/* webpackIgnore: true */ "@changesets/config"),
      import(/* webpackIgnore: true */ "@manypkg/get-packages"),
    ]);
  const packages = await getPackages(repository.root);
  // The private tools depend on the published packages, and would be released with them.
  const config = {
    ...(await read(repository.root, packages)),
    privatePackages: { version: false, tag: false },
  };
  const plan = await getReleasePlan(repository.root, undefined, config);
  const lane: ReadonlySet<string> = new Set(LANE.map(({ name }) => name));
  const releases = plan.releases
    .filter(({ name }) => lane.has(name))
    .map((release) => ({ ...release, newVersion: version.npm }));
  await applyReleasePlan({ ...plan, releases }, packages, config);
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
