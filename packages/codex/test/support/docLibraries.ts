import { realpathSync } from "node:fs";
import { join } from "node:path";

import { repoRoot } from "./sourceFiles.js";
import type { TsProject } from "./tsProject.js";

/** Libraries that programs of the documentation import, with the package that installs each. */
const LIBRARIES: Readonly<Record<string, string>> = {
  "@hono/node-server": "examples/web",
  "@opentelemetry/api": "packages/codex",
  "@opentelemetry/sdk-trace-node": "packages/codex",
  "@valibot/to-json-schema": "packages/codex",
  arktype: "packages/codex",
  hono: "packages/codex",
  valibot: "packages/codex",
  zod: "packages/codex",
};

/** Links the libraries into a project. */
export async function linkDocLibraries(project: TsProject): Promise<void> {
  await Promise.all(
    Object.entries(LIBRARIES).map(([name, owner]) =>
      project.link(name, realpathSync(join(repoRoot, owner, "node_modules", name))),
    ),
  );
}
