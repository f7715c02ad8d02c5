import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { BumpTools } from "../../src/bump/bumpTools.js";
import { targets } from "../../src/platforms.js";
import { parseCodexVersion } from "../../src/version/codexVersion.js";
import { writeFiles } from "./fixtureRepository.js";

/** The version that the tests move the small checkout to. */
export const OTHER_VERSION = parseCodexVersion("1.3.0-alpha.2");

/** A published runtime as data, so that a process of its own can use the same. */
export interface OtherRuntime {
  /** The types that it generates, by their path. */
  readonly generated: Readonly<Record<string, string>>;
  readonly published: readonly string[];
  readonly lockFile: string;
  /** The transcript that is recorded with it, by its path in the checkout. */
  readonly transcript: Readonly<Record<string, string>>;
}

/** The source of a method map, of methods and their results. */
export function methodMaps(methods: Readonly<Record<string, string>>): string {
  const entries = Object.entries(methods).map(
    ([method, result]) =>
      `  "${method}": { params: Thread; result: ${result}; stability: "stable" };\n`,
  );
  return `export interface ClientRequestMap {\n${entries.join("")}}\n`;
}

/** The lines of a lock file that bring the platform builds of a version. */
export function lockFileOf(version: string, ids = targets.map(({ id }) => id)): string {
  return ids.map((id) => `  '@openai/codex@${version}-${id}':\n`).join("");
}

/** A runtime with other methods and fields than the small checkout has. */
export const OTHER_RUNTIME: OtherRuntime = {
  generated: {
    "Thread.ts":
      "export type Thread = {\n/**\n * The id.\n */\nid: string,\n/**\n * The name.\n * @experimental\n */\nname: string | null, };\n",
    "methodMaps.ts": methodMaps({ "thread/start": "Thread", "thread/fork": "unknown" }),
    "manifest.json": `${JSON.stringify({ runtimeVersion: OTHER_VERSION.npm, unmappedResults: ["thread/fork"], staleResponses: ["thread/drop"] })}\n`,
  },
  published: targets.map(({ id }) => `${OTHER_VERSION.npm}-${id}`),
  lockFile: lockFileOf(OTHER_VERSION.npm),
  transcript: { "packages/codex/test/transcripts/turn.jsonl": "new\n" },
};

/** The tools of a checkout that bring such a runtime; `calls` notes their use. */
export function toolsOf(runtime: OtherRuntime, calls: string[] = []): BumpTools {
  return {
    draftTypes: async (_version, outDir) => {
      calls.push("draftTypes");
      await writeFiles(outDir, runtime.generated);
    },
    publishedVersions: async () => {
      calls.push("publishedVersions");
      return new Set(runtime.published);
    },
    install: async ({ root }, lock) => {
      calls.push("install");
      const manifest: { optionalDependencies?: unknown } = JSON.parse(
        await readFile(join(root, "package.json"), "utf8"),
      );
      await writeFiles(root, {
        ...(lock === "written" && { "pnpm-lock.yaml": runtime.lockFile }),
        "node_modules/installed.json": JSON.stringify(manifest.optionalDependencies),
      });
    },
    record: async ({ root }) => {
      calls.push("record");
      await writeFiles(root, runtime.transcript);
    },
  };
}
