import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { npmCommand, pnpmCommand } from "../src/packageManagers.js";
import { collect, run } from "../src/runCommand.js";

const NODE = [process.execPath] as const;

describe("run", () => {
  it("returns what the command printed on stdout", async () => {
    expect(await run(NODE, ["-e", "console.log(1); console.error(2)"])).toBe("1\n");
  });

  it("rejects with command line, status and output when the command fails", async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    await expect(run(NODE, ["-e", script])).rejects.toThrow(/-e .* ended with 3:\nout\nerr$/su);
  });

  it("rejects when the command cannot be started", async () => {
    await expect(run([join("nowhere", "program")], [])).rejects.toThrow("ENOENT");
  });
});

describe("collect", () => {
  it("returns status and output of a command that fails", async () => {
    expect(await collect(NODE, ["-e", "process.stderr.write('x'); process.exit(4)"])).toEqual({
      status: 4,
      stdout: "",
      stderr: "x",
    });
  });

  it("kills a command that is still running after timeoutMs", async () => {
    const { status } = await collect(NODE, ["-e", "setInterval(() => {}, 1000)"], {
      timeoutMs: 50,
    });
    // A killed process has no signal on Windows.
    expect(status).toBe(process.platform === "win32" ? 1 : "SIGKILL");
  });
});

describe("the commands of the package managers", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "codex-process-test-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function file(...parts: readonly string[]): Promise<string> {
    const path = join(...parts);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, "");
    return path;
  }

  it("are bare names outside Windows", () => {
    expect(npmCommand({ platform: "linux", env: {} })).toEqual(["npm"]);
    expect(pnpmCommand({ platform: "linux", env: {} })).toEqual(["pnpm"]);
  });

  it.each([
    ["npm", "beside its .cmd", ["node_modules", "npm", "bin", "npm-cli.js"]],
    ["pnpm 12", "beside its .cmd", ["node_modules", "pnpm", "bin", "pnpm.mjs"]],
    ["an older pnpm", "beside its .cmd", ["node_modules", "pnpm", "bin", "pnpm.cjs"]],
    ["pnpm", "in corepack", ["node_modules", "corepack", "dist", "pnpm.js"]],
    ["npm", "beside the folder .bin", ["node_modules", "npm", "bin", "npm-cli.js"], ".bin"],
  ])("are this Node and the script of %s %s on Windows", async (name, _, parts, bin = "") => {
    const path = bin === "" ? folder : join(folder, "node_modules", bin);
    await file(path, name === "npm" ? "npm.cmd" : "pnpm.cmd");
    const found = await file(folder, ...parts);
    for (const env of [{ Path: `nowhere;${path}` }, { PATH: `"${path}";` }]) {
      const lookup = { platform: "win32", env } as const;
      const command = name === "npm" ? npmCommand(lookup) : pnpmCommand(lookup);
      expect(command).toEqual([process.execPath, found]);
    }
  });

  it("are the .exe on the PATH of Windows where there is one", async () => {
    const program = await file(folder, "pnpm.exe");
    await file(folder, "node_modules", "pnpm", "bin", "pnpm.mjs");
    expect(pnpmCommand({ platform: "win32", env: { Path: folder } })).toEqual([program]);
  });

  it("include the pnpm that started this process", () => {
    const at = (path: string) => ({ platform: "win32", env: { npm_execpath: path } }) as const;
    expect(pnpmCommand(at("/x/pnpm.cjs"))).toEqual([process.execPath, "/x/pnpm.cjs"]);
    expect(pnpmCommand(at("/x/pnpm.exe"))).toEqual(["/x/pnpm.exe"]);
  });

  it("throw with a remedy when there is none on the PATH of Windows", () => {
    const lookup = { platform: "win32", env: { PATH: "nowhere" } } as const;
    expect(() => npmCommand(lookup)).toThrow(
      "There is no npm on the PATH. Install Node.js with npm",
    );
    expect(() => pnpmCommand(lookup)).toThrow("There is no pnpm on the PATH.");
  });
});
