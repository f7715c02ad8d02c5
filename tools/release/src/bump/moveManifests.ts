import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readJsonObject, stringMap, writeJson } from "../json.js";
import { targets } from "../platforms.js";
import { LANE, type Repository } from "../repository.js";
import type { CodexVersion } from "../version/codexVersion.js";

/** The published command-line tool, whose platform builds the checkout installs as its runtime. */
const PUBLISHED_NAME = "@openai/codex";

/** The root's optional dependencies that bring the runtime of a version into the checkout. */
export function runtimeAliases(version: CodexVersion): Record<string, string> {
  return Object.fromEntries(
    targets.map(({ packageName, id }) => [
      packageName,
      `npm:${PUBLISHED_NAME}@${version.npm}-${id}`,
    ]),
  );
}

/** The file of the checkout that names the version before the pinned one, for the runs against other versions. */
export const PREVIOUS_PIN_FILE = "tools/lab/src/skew/previousPin.ts";

/**
 * Writes a version into the manifests of the packages and the aliases of the root, and the version of
 * `repository` into {@link PREVIOUS_PIN_FILE}.
 */
export async function moveManifests(repository: Repository, version: CodexVersion): Promise<void> {
  for (const { folder } of LANE) {
    const file = join(repository.root, folder, "package.json");
    await writeJson(file, { ...readJsonObject(file), version: version.npm });
  }
  const file = join(repository.root, "package.json");
  const root = readJsonObject(file);
  await writeJson(file, {
    ...root,
    optionalDependencies: {
      ...stringMap(root["optionalDependencies"]),
      ...runtimeAliases(version),
    },
  });
  await writeFile(join(repository.root, PREVIOUS_PIN_FILE), previousPin(repository.version));
}

function previousPin({ npm }: CodexVersion): string {
  return `// Written by \`pnpm release bump\`. Do not edit.

/** The version of the runtime that was pinned before the present one. */
export const PREVIOUS_PIN = ${JSON.stringify(npm)};
`;
}
