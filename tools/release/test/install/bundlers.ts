import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import ncc from "@vercel/ncc";
import { build } from "esbuild-wasm";
import { beforeAll, expect, test } from "vitest";

import { runCommand, runOrThrow } from "../../src/runCommand.js";
import { temporaryFolder } from "../support/temporaryFolder.js";
import type { Shop } from "./failures.js";
import { bunPath, userEnvironment } from "./packageManagers.js";

/** Programs that carry the SDK's code away from its packages. */
export function bundlerTests({ market, project, timeoutMs }: Shop): void {
  let codexPath: string;
  beforeAll(async () => {
    const script = 'process.stdout.write(require("@openai/codex-cli-bin").codexPath())';
    codexPath = await runOrThrow([process.execPath, "--eval", script], { cwd: project() });
  });

  /** Output of the bundled program where there is no `node_modules`: with the runtime named, and without. */
  async function runAlone(
    command: readonly [string, ...string[]],
    home: string,
  ): Promise<readonly unknown[]> {
    const options = { cwd: home, env: userEnvironment(home) };
    const named = await runOrThrow([...command, codexPath], options);
    const unnamed = await runCommand(command, options);
    return [JSON.parse(named), JSON.parse(unnamed.stdout)];
  }

  const expected = [
    { started: true },
    expect.objectContaining({ message: expect.stringMatching(/bundle[\s\S]*codexPath/) }),
  ];

  test.each([
    ["esm", "mjs"],
    ["cjs", "cjs"],
  ] as const)(
    "by esbuild to %s starts with codexPath, and explains itself without",
    async (format, extension) => {
      await using folder = await temporaryFolder();
      const outfile = join(folder.path, `app.${extension}`);
      // A top-level await cannot go into CommonJS.
      const source = await readFile(join(project(), "failing.mjs"), "utf8");
      const contents = format === "esm" ? source : wrapped(source);
      const stdin = { contents, resolveDir: project() };
      await build({ stdin, outfile, bundle: true, platform: "node", format, logLevel: "silent" });
      expect(await runAlone([process.execPath, outfile], folder.path)).toEqual(expected);
    },
    timeoutMs,
  );

  test(
    "by webpack, as a server of Next is one, starts with codexPath, and explains itself without",
    async () => {
      await using folder = await temporaryFolder();
      const entry = join(project(), "failing.mjs");
      const { code, assets } = await ncc(entry, { quiet: true, cache: false });
      await writeFile(join(folder.path, "server.mjs"), code);
      // What the SDK loads only when a runtime starts is in files of its own.
      for (const [name, { source }] of Object.entries(assets)) {
        await writeFile(join(folder.path, name), source);
      }
      expect(await runAlone([process.execPath, "server.mjs"], folder.path)).toEqual(expected);
    },
    timeoutMs,
  );

  test(
    "with the SDK left external finds the installed runtime",
    async () => {
      const outfile = join(project(), "external.mjs");
      const entryPoints = [join(project(), "failing.mjs")];
      await build({
        entryPoints,
        outfile,
        bundle: true,
        platform: "node",
        format: "esm",
        packages: "external",
        logLevel: "silent",
      });
      const env = userEnvironment(dirname(project()));
      const output = await runOrThrow([process.execPath, outfile], { cwd: project(), env });
      expect(JSON.parse(output)).toEqual({ started: true });
    },
    timeoutMs,
  );

  test(
    "by bun build --compile starts with codexPath, and explains itself without",
    async () => {
      await using folder = await temporaryFolder();
      const app = join(folder.path, process.platform === "win32" ? "app.exe" : "app");
      // A compiled program remembers the folder that it was made from: it must not find the runtime there.
      const workshop = join(folder.path, "workshop");
      const isRuntime = (path: string): boolean =>
        path.endsWith(join(...market().platformPackage.split("/")));
      await cp(project(), workshop, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !isRuntime(path),
      });
      const command = [bunPath(), "build", "--compile", "failing.mjs", "--outfile", app] as const;
      await runOrThrow(command, { cwd: workshop, env: userEnvironment(folder.path) });
      await rm(workshop, { recursive: true });
      await chmod(app, 0o755);
      expect(await runAlone([app], folder.path)).toEqual(expected);
    },
    timeoutMs,
  );

  // electron.cjs lets Node see a folder as Electron sees an archive.
  test(
    "in a desktop app's archive finds the runtime that was unpacked beside it",
    async () => {
      await using folder = await temporaryFolder();
      const archive = join(folder.path, "resources", "app.asar");
      const platform = join("node_modules", ...market().platformPackage.split("/"));
      await cp(project(), archive, { recursive: true, verbatimSymlinks: true });
      const unpacked = join(`${archive}.unpacked`, platform);
      await mkdir(dirname(unpacked), { recursive: true });
      await cp(join(archive, platform), unpacked, { recursive: true });
      const script = 'process.stdout.write(require("@openai/codex-cli-bin").codexPath())';
      const command = [process.execPath, "--require", "./electron.cjs", "--eval", script] as const;
      const find = async () =>
        runOrThrow(command, { cwd: archive, env: userEnvironment(folder.path) });
      expect(await find()).toContain(unpacked);
      await rm(unpacked, { recursive: true });
      await expect(find()).rejects.toThrow("asarUnpack");
    },
    timeoutMs,
  );
}

function wrapped(source: string): string {
  const end = source.lastIndexOf("import ");
  const line = source.indexOf("\n", end) + 1;
  return `${source.slice(0, line)}\nvoid (async () => {\n${source.slice(line)}})();\n`;
}
