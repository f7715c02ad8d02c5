import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { runtimeAliases } from "../../src/bump/moveManifests.js";
import { openRepository, type Repository } from "../../src/repository.js";
import type { CheckoutTools } from "../../src/stage/checkoutTools.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";

/** The version of the small checkout below; any but a real one. */
export const FIXTURE_VERSION = "1.2.3";

const shared = {
  version: FIXTURE_VERSION,
  description: "A package of the fixture.",
  license: "Apache-2.0",
  repository: { type: "git", url: "git+https://github.com/openai/codex.git" },
  type: "module",
  engines: { node: ">=20.19.0" },
  sideEffects: false,
  files: ["dist"],
  exports: {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./package.json": "./package.json",
  },
  publishConfig: { access: "public" },
  scripts: { build: "tsc" },
  devDependencies: { typescript: "*" },
};

/** Writes files given by their path. */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
    await writeFile(join(root, path), text);
  }
}

/** A small checkout with the shape of this repository: manifests, built packages, notes. */
export async function fixtureRepository(root: string): Promise<Repository> {
  const version = parseCodexVersion(FIXTURE_VERSION);
  await writeFiles(root, {
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    "package.json": {
      name: "fixture",
      version: "0.0.0",
      private: true,
      workspaces: ["packages/*"],
      optionalDependencies: runtimeAliases(version),
    },
    LICENSE: "Apache License 2.0\n",
    "README.md": "# The SDK\n",
    ".changeset/config.json": {
      changelog: fileURLToPath(new URL("../../changelog.mjs", import.meta.url)),
      commit: false,
      fixed: [["@openai/codex", "@openai/codex-cli-bin", "@openai/codex-types"]],
      linked: [],
      access: "public",
      baseBranch: "main",
      updateInternalDependencies: "patch",
      ignore: [],
    },
    "packages/codex-cli-bin/package.json": { name: "@openai/codex-cli-bin", ...shared },
    "packages/codex-cli-bin/README.md": "# The lookup\n",
    "packages/codex-cli-bin/dist/index.js":
      "export const PACKAGE_NAME = 1;\n//# sourceMappingURL=index.js.map\n",
    "packages/codex-cli-bin/dist/index.js.map": {},
    "packages/codex-cli-bin/dist/index.d.ts": "export declare const PACKAGE_NAME: number;\n",
    "packages/codex-types/package.json": { name: "@openai/codex-types", ...shared },
    "packages/codex-types/README.md": "# The types\n",
    "packages/codex-types/dist/index.js": "export {};\n",
    "packages/codex-types/dist/index.d.ts": "export type Thread = { id: string };\n",
    "packages/codex-types/src/generated/Thread.ts": "export type Thread = { id: string };\n",
    "packages/codex-types/src/generated/manifest.json": { runtimeVersion: FIXTURE_VERSION },
    "packages/codex/package.json": {
      name: "@openai/codex",
      ...shared,
      dependencies: {
        "@openai/codex-cli-bin": "workspace:*",
        "@openai/codex-types": "workspace:*",
      },
    },
    "packages/codex/dist/index.js": "export const thread = null;\n",
    "packages/codex/dist/index.d.ts":
      'import type { Thread } from "@openai/codex-types";\nexport declare const thread: Thread | null;\n',
  });
  return openRepository(root);
}

/** Tools that generate what the fixture has checked in, and record what they are asked for. */
export function fixtureTools(
  calls: string[] = [],
  generated: Readonly<Record<string, unknown>> = {
    "Thread.ts": "export type Thread = { id: string };\n",
    "manifest.json": { runtimeVersion: FIXTURE_VERSION },
  },
): CheckoutTools {
  return {
    generateTypes: async (repository, outDir) => {
      calls.push(`generate ${repository.version.npm}`);
      await writeFiles(outDir, generated);
    },
    build: async (_repository, packageName) => {
      calls.push(`build ${packageName}`);
    },
  };
}
