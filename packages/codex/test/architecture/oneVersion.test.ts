import { readFileSync } from "node:fs";
import { join } from "node:path";

import { pinnedRuntimeVersion } from "@openai/codex-cli-bin";
import { describe, expect, it } from "vitest";

import { toInitializeParams } from "../../src/client/handshake.js";
import { CODEX_VERSION } from "../../src/index.js";
import { filesBelow, repoRoot } from "../support/sourceFiles.js";

function manifestOf(path: string): {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(join(repoRoot, path, "package.json"), "utf8"));
}

const packages = ["packages/codex", "packages/codex-cli-bin", "packages/codex-types"];
const { version } = manifestOf("packages/codex");

describe("the one Codex version", () => {
  it("is that of all three packages, and what the SDK reports", () => {
    expect(packages.map((path) => manifestOf(path).version)).toEqual([version, version, version]);
    expect(CODEX_VERSION).toBe(version);
    expect(pinnedRuntimeVersion()).toBe(version);
    expect(toInitializeParams({}).clientInfo.version).toBe(version);
  });

  it("is moved as one group by changesets", () => {
    const config = JSON.parse(readFileSync(join(repoRoot, ".changeset/config.json"), "utf8"));
    expect(config.fixed).toEqual([
      ["@openai/codex", "@openai/codex-cli-bin", "@openai/codex-types"],
    ]);
  });

  it("pins the runtime of every platform in the root manifest, and no alias in a package's", () => {
    const aliases = Object.entries(manifestOf(".").optionalDependencies ?? {});
    expect(aliases).toHaveLength(6);
    for (const [name, specifier] of aliases) {
      const platform = name.replace("@openai/codex-", "");
      expect(specifier).toBe(`npm:@openai/codex@${version}-${platform}`);
    }
    for (const path of packages) {
      expect(JSON.stringify(manifestOf(path))).not.toContain("npm:");
    }
  });

  it("stands nowhere else as a literal", () => {
    const mayHoldIt = new Set([
      "package.json",
      "pnpm-lock.yaml",
      ...packages.map((path) => `${path}/package.json`),
    ]);
    const files = filesBelow(repoRoot, (path) => {
      const isText = /\.(?:ts|mts|js|mjs|cjs|json|ya?ml|md|toml|sh)$|(?:^|\/)(?:run|LICENSE)$/.test(
        path,
      );
      return isText && !mayHoldIt.has(path) && !path.endsWith("CHANGELOG.md");
    });
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter(({ text }) => text.includes(version)).map(({ path }) => path)).toEqual([]);
  });
});
