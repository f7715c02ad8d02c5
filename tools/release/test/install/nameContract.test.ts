// Programs that were made for the published CLI, with the packages of this checkout in its place.
import { cp, readdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { npmCommand, runOrThrow } from "../../src/runCommand.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporaryFolder.js";
import { repository, stageHere } from "./market.js";

/** Packing the runtime and installing from the registry take minutes on a busy machine. */
const INSTALL_TIMEOUT_MS = 570_000;
const TURN_TIMEOUT_MS = 120_000;

/** The programs, as published, and the packages that they need beside them. */
const PROGRAMS = {
  "@agentclientprotocol/codex-acp": "2.6.0",
  "@openai/agents": "0.20.0",
  "@openai/agents-extensions": "0.18.0",
  "@openai/codex-sdk": "0.163.0",
  ai: "7.0.173",
  "ai-sdk-provider-codex-cli": "2.2.1",
  zod: "4.6.7",
} as const;

/** The oldest Node that all of the programs support, and one that runs them where this one is older. */
const OLDEST_NODE = 22;
const NODE_PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const NODE_VERSION = "24.21.0";
const isOld = Number.parseInt(process.versions.node, 10) < OLDEST_NODE;

let folder: TemporaryFolder;
let project: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  project = join(folder.path, "project");
  const release = await stageHere(folder.path);
  await cp(fileURLToPath(new URL("programs/name", import.meta.url)), project, { recursive: true });
  const tarballs = join(release, "tarballs");
  const ours = Object.fromEntries(
    (await readdir(tarballs)).map((name) => [nameOf(name), `file:${join(tarballs, name)}`]),
  );
  const manifest = {
    private: true,
    type: "module",
    dependencies: {
      ...PROGRAMS,
      ...(isOld && { [NODE_PACKAGE]: NODE_VERSION }),
      "@openai/codex": ours["@openai/codex"],
    },
    // Each of the programs pins another version of the CLI.
    overrides: { ...ours, "@openai/codex": "$@openai/codex" },
  };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const cache = `--cache=${join(folder.path, "cache")}`;
  await runOrThrow([...npmCommand(), "install", ...flags, cache], { cwd: project });
}, INSTALL_TIMEOUT_MS);

afterAll(() => folder[Symbol.asyncDispose]());

/** Reads the name of a package from the name of its tarball, such as `openai-codex-cli-bin-1.2.3.tgz`. */
function nameOf(tarball: string): string {
  const suffix = `-${repository.version.npm}.tgz`;
  if (!tarball.endsWith(suffix)) throw new Error(`${tarball} does not end with ${suffix}`);
  return tarball.slice(0, -suffix.length).replace(/^openai-/, "@openai/");
}

async function run(...command: readonly [string, ...string[]]): Promise<string> {
  const unset = Object.keys(process.env).filter((name) => /^(?:codex_|openai_)/i.test(name));
  const PATH = [dirname(node()), process.env["PATH"] ?? ""].join(delimiter);
  const env = { ...Object.fromEntries(unset.map((name) => [name, undefined])), PATH };
  return runOrThrow(command, { cwd: project, env, timeoutMs: TURN_TIMEOUT_MS });
}

function node(): string {
  const executable = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return isOld ? join(project, "node_modules", NODE_PACKAGE, executable) : process.execPath;
}

test.each([
  ["codex-acp", "codex-acp"],
  ["ai-sdk-provider-codex-cli with codex exec", "ai-sdk-exec"],
  ["ai-sdk-provider-codex-cli with codex app-server", "ai-sdk-app-server"],
  ["codexTool of agents-extensions", "agents-extensions"],
  ["codex-sdk", "codex-sdk"],
])(
  "%s runs a turn on the packages of this checkout",
  async (_name, script) => {
    const stdout = await run(node(), `${script}.mjs`);
    const report = stdout.split("\n").find((line) => line.startsWith("{"));
    expect(JSON.parse(report ?? "{}")).toEqual({
      answer: expect.stringMatching(/(?:^|\n)The answer\.$/),
      requests: 1,
    });
  },
  TURN_TIMEOUT_MS,
);

test(
  "npx finds the codex command of the package, which prints the version of the runtime",
  async () => {
    const [file, ...args] = npmCommand();
    const command = [file, ...args, "exec", "--offline", "--", "codex", "--version"] as const;
    expect(await run(...command)).toBe(`codex-cli ${repository.version.npm}\n`);
  },
  TURN_TIMEOUT_MS,
);
