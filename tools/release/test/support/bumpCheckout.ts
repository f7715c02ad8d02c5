import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { type BumpOptions, bumpLane, type BumpResult } from "../../src/bump/bumpLane.js";
import { PREVIOUS_PIN_FILE } from "../../src/bump/moveManifests.js";
import { readJsonObject } from "../../src/json.js";
import { openRepository, type Repository } from "../../src/repository.js";
import { GENERATED_FOLDER } from "../../src/stage/checkTypes.js";
import { fixtureRepository, writeFiles } from "./fixtureRepository.js";
import { methodMaps, OTHER_RUNTIME, OTHER_VERSION, toolsOf } from "./otherRuntime.js";

/** Makes a small checkout with everything that a bump changes. */
export async function checkout(root: string): Promise<Repository> {
  await fixtureRepository(root);
  await writeFiles(root, {
    "pnpm-lock.yaml": "old\n",
    [`${GENERATED_FOLDER}/Thread.ts`]:
      "export type Thread = {\n/**\n * The number.\n */\nid: string, };\n",
    [`${GENERATED_FOLDER}/methodMaps.ts`]: methodMaps({
      "thread/start": "Thread",
      "thread/drop": "Thread",
    }),
    "packages/codex/CHANGELOG.md": "# @openai/codex\n\n## 1.2.3\n\n### Patch Changes\n\n- First.\n",
    "packages/codex/src/drop.ts": 'export const drop = "thread/drop";\n',
    "packages/codex/test/transcripts/turn.jsonl": "old\n",
    [PREVIOUS_PIN_FILE]: 'export const PREVIOUS_PIN = "1.2.2";\n',
    ".changeset/brave-fix.md": '---\n"@openai/codex": patch\n---\n\nClosing twice is a no-op.\n',
    "tools/other/package.json": {
      name: "@codex-tools/other",
      version: "0.0.0",
      private: true,
      dependencies: { "@openai/codex": "workspace:*" },
    },
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n  - tools/*\n",
    "package.json": {
      ...readJsonObject(join(root, "package.json")),
      workspaces: ["packages/*", "tools/*"],
    },
    "node_modules/installed.json": JSON.stringify(
      readJsonObject(join(root, "package.json"))["optionalDependencies"],
    ),
  });
  return openRepository(root);
}

/** Reads all files of a folder, by their path. */
export async function snapshot(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(root.length + 1), await readFile(path, "utf8")] as const;
    });
  return Object.fromEntries((await Promise.all(files)).toSorted());
}

/** Moves a small checkout to {@link OTHER_RUNTIME}. */
export function bump(
  repository: Repository,
  options: Partial<BumpOptions> = {},
): Promise<BumpResult> {
  return bumpLane({
    repository,
    version: OTHER_VERSION,
    tools: toolsOf(OTHER_RUNTIME),
    ...options,
  });
}
