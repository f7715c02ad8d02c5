import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { isRecord } from "../../src/json.js";
import { runCommand, runOrThrow } from "../../src/runCommand.js";
import { temporaryFolder } from "../support/temporaryFolder.js";

const file = fileURLToPath(
  new URL("../../../../.github/workflows/codex-bump.yml", import.meta.url),
);

/** Returns the script of the step with this name. */
function scriptOf(name: string): string {
  const document: unknown = parse(readFileSync(file, "utf8"));
  const jobs = isRecord(document) && isRecord(document["jobs"]) ? document["jobs"] : {};
  const steps = isRecord(jobs["bump"]) ? jobs["bump"]["steps"] : [];
  const found = (Array.isArray(steps) ? steps : []).find(
    (step) => isRecord(step) && step["name"] === name,
  );
  if (!isRecord(found) || typeof found["run"] !== "string") throw new Error(`no step ${name}`);
  return found["run"];
}

interface Proposal {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** The calls of GitHub's command line, with the description of the pull request. */
  readonly calls: readonly string[];
  readonly description: string;
  /** The files of the branch at the remote; empty if it was not pushed. */
  readonly pushed: string;
}

/** Runs the step that opens the pull request in a checkout with a changed file. */
async function propose(tested: string, requests: number): Promise<Proposal> {
  await using folder = await temporaryFolder();
  const [remote, checkout, temp, bin] = ["remote", "checkout", "temp", "bin"].map((name) =>
    join(folder.path, name),
  );
  if (!remote || !checkout || !temp || !bin) throw new Error("unreachable");
  await runOrThrow(["git", "init", "--quiet", "--bare", remote]);
  await runOrThrow(["git", "clone", "--quiet", remote, checkout]);
  await writeFile(join(checkout, "moved.txt"), "moved");
  for (const each of [temp, bin]) await mkdir(each);
  await writeFile(join(temp, "notes.md"), "# The report\n");
  await writeFile(join(temp, "test.log"), "fine\n\u001b[31msrc/a.ts(1,1): error TS2741\u001b[0m\n");
  const gh = [
    "#!/bin/sh",
    `echo "$*" >> "${join(folder.path, "calls")}"`,
    `case "$1 $2" in "pr list") echo ${requests};; esac`,
  ].join("\n");
  await writeFile(join(bin, "gh"), `${gh}\n`);
  await chmod(join(bin, "gh"), 0o755);
  const script = scriptOf("Open the pull request");
  const { exitCode, stderr } = await runCommand(["bash", "-eo", "pipefail", "-c", script], {
    cwd: checkout,
    env: {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      HOME: folder.path,
      RUNNER_TEMP: temp,
      VERSION: "1.2.3",
      TESTED: tested,
    },
  });
  const pushed = await runCommand(["git", "ls-tree", "--name-only", "codex-bump/1.2.3"], {
    cwd: remote,
  });
  return {
    exitCode,
    stderr,
    calls: (await readFile(join(folder.path, "calls"), "utf8")).trim().split("\n"),
    description: await readFile(join(temp, "notes.md"), "utf8"),
    pushed: pushed.stdout,
  };
}

describe.skipIf(process.platform === "win32")("the bump workflow's pull request", () => {
  test("has the report, and starts the tests of the branch", async () => {
    const { exitCode, stderr, calls, description, pushed } = await propose("success", 0);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(pushed).toBe("moved.txt\n");
    expect(calls.slice(1)).toEqual([
      "auth setup-git",
      expect.stringMatching(
        /^pr create --head codex-bump\/1\.2\.3 --title .* 1\.2\.3 --body-file \S+notes\.md$/,
      ),
      "workflow run ci.yml --ref codex-bump/1.2.3",
    ]);
    expect(description).toBe("# The report\n");
  });

  test("is opened as a draft with the errors if the SDK does not build or pass its tests", async () => {
    const { exitCode, stderr, calls, description, pushed } = await propose("failure", 0);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(pushed).toBe("moved.txt\n");
    expect(calls[2]).toMatch(/^pr create .* --draft$/);
    expect(calls[3]).toBe("workflow run ci.yml --ref codex-bump/1.2.3");
    expect(description).toMatch(/^# The report\n\n## The build or the tests fail\n/);
    expect(description).toContain("\n    src/a.ts(1,1): error TS2741\n");
  });

  test("is not opened again if there was one for the version", async () => {
    const { exitCode, calls, pushed } = await propose("success", 1);
    expect({ exitCode, calls: calls.length, pushed }).toEqual({
      exitCode: 0,
      calls: 1,
      pushed: "",
    });
  });
});
