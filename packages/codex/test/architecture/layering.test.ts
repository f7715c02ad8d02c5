import { posix } from "node:path";

import { describe, expect, it } from "vitest";

import { filesBelow, importsOf, sdkSources } from "../support/sourceFiles.js";

/** Layers that each layer may import, besides itself. `rpc` and `errors` see the transport's interface and results as types only. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  internal: ["errors/codexError"],
  errors: ["internal/secrets"],
  transport: ["internal", "errors", "ws"],
  rpc: ["internal", "errors", "transport/transport"],
  tracing: ["internal", "rpc/requestOptions"],
  router: ["internal", "errors", "rpc", "tracing"],
  client: ["internal", "errors", "transport", "rpc", "tracing", "router", "@openai/codex-cli-bin"],
  api: ["internal", "errors", "rpc", "tracing", "router", "client"],
  testing: [
    "internal/toml",
    "internal/validate",
    "errors",
    "api/codex",
    "api/codexOptions",
    "api/portable/threadStore",
  ],
  otel: [
    "tracing",
    "internal",
    "rpc/requestOptions",
    "errors/codexError",
    "client/version",
    "@opentelemetry/api",
  ],
  index: ["errors", "api", "client", "tracing", "rpc/rpcErrors", "rpc/requestOptions"],
  types: [],
};

/** Files that may start a process: the runtime's own, and the list of processes where there is no /proc. */
const SPAWNING = ["transport/childProcess.ts", "transport/orphanedCommands.ts"];

const sources = filesBelow(sdkSources, (path) => path.endsWith(".ts"));

function layerOf(path: string): string {
  return path.split("/")[0]?.replace(/\.(?:ts|js)$/, "") ?? "";
}

/** Returns whether an import statement of `specifier` in `text` brings in types alone. */
function isTypeOnly(text: string, specifier: string): boolean {
  const escaped = specifier.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const statements = [
    ...text.matchAll(new RegExp(`(import|export)\\s+(type\\s)?[^;]*?from\\s+"${escaped}"`, "g")),
  ];
  return statements.length > 0 && statements.every((match) => match[2] !== undefined);
}

function violationsOf(path: string, text: string): string[] {
  const layer = layerOf(path);
  const allowed = ALLOWED[layer];
  if (allowed === undefined) return [`${path}: ${layer} is not a layer of the table`];
  return importsOf(text).flatMap((specifier) => {
    if (specifier.startsWith("node:")) {
      const isSpawning = specifier === "node:child_process";
      return isSpawning && !SPAWNING.includes(path) ? [`${path}: ${specifier}`] : [];
    }
    if (specifier === "@openai/codex-types")
      return isTypeOnly(text, specifier) ? [] : [`${path}: ${specifier} at run time`];
    const target = specifier.startsWith(".")
      ? posix.normalize(posix.join(posix.dirname(path), specifier)).replace(/\.js$/, "")
      : specifier;
    if (specifier.startsWith(".") && layerOf(target) === layer) return [];
    if (layer === "errors" && isTypeOnly(text, specifier)) return [];
    const isAllowed = allowed.some((entry) => target === entry || target.startsWith(`${entry}/`));
    return isAllowed ? [] : [`${path}: ${specifier}`];
  });
}

describe("the layers", () => {
  it("import only what the table allows", () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(sources.flatMap(({ path, text }) => violationsOf(path, text))).toEqual([]);
  });

  it("refuse an import of a higher layer, a third party's package and a spawn elsewhere", () => {
    expect(violationsOf("rpc/a.ts", 'import { Codex } from "../api/codex.js";')).toHaveLength(1);
    expect(violationsOf("api/a.ts", 'import { z } from "zod";')).toHaveLength(1);
    expect(violationsOf("client/a.ts", 'import { spawn } from "node:child_process";')).toHaveLength(
      1,
    );
    expect(
      violationsOf("rpc/a.ts", 'import { x } from "../transport/stdioTransport.js";'),
    ).toHaveLength(1);
  });

  it("have no linter's exception for an import", () => {
    const exceptions = sources.filter(({ text }) =>
      /(?:eslint|oxlint)-disable[^\n]*import/.test(text),
    );
    expect(exceptions.map(({ path }) => path)).toEqual([]);
  });

  it("hold no folder or file whose name does not describe its content", () => {
    const vague = sources.filter(({ path }) =>
      /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.ts$)/.test(path),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });
});
