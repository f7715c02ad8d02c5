import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { isRecord, stringMap } from "../../src/json.js";
import { targets } from "../../src/platforms.js";
import { OWN_NAMES } from "../../src/scope.js";
import { type Rehearsal, rehearsal } from "../support/rehearsal.js";

const file = fileURLToPath(new URL("../../../../.github/workflows/publish.yml", import.meta.url));
/** Six runtimes and nine packages go to the registry with one npm each. */
const TIMEOUT_MS = 400_000;

type Context = Record<string, Record<string, string>>;

let place: Rehearsal;
beforeAll(async () => {
  place = await rehearsal();
}, TIMEOUT_MS);
afterAll(async () => place[Symbol.asyncDispose]());

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

const jobs = record(record(parse(readFileSync(file, "utf8")))["jobs"]);

/** The value of `${{ a.b.c || 'text' }}` in a text: the first operand that is not empty. */
function expand(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
    for (const operand of expression.split(" || ")) {
      const [, root = "", rest = ""] = /^(\w+)\.(.+)$/.exec(operand) ?? [];
      const value = /^'(.*)'$/.exec(operand)?.[1] ?? context[root]?.[rest] ?? "";
      if (value !== "") return value;
    }
    return "";
  });
}

/** Runs one job as GitHub does, with artifacts in a folder, for one entry of its matrix. */
async function runJob(name: string, context: Context, number = 0): Promise<Record<string, string>> {
  const { steps } = record(jobs[name]);
  const list = (Array.isArray(steps) ? steps : []).map(record);
  const isUsing = (step: Record<string, unknown>, action: string): boolean =>
    String(step["uses"]).startsWith(`actions/${action}@`);
  const hasCheckout = list.some((step) => isUsing(step, "checkout"));
  const cwd = await place.newFolder(`${name}-${number}`, hasCheckout);
  const outputs: Record<string, string> = {};
  const artifacts = join(place.path, "artifacts");
  for (const step of list) {
    const { name: artifact = "", path = "", pattern } = stringMap(step["with"]);
    if (isUsing(step, "download-artifact")) {
      const wanted = pattern === undefined ? [artifact] : targets.map(({ id }) => `runtime-${id}`);
      for (const each of wanted)
        await cp(join(artifacts, each), join(cwd, path), { recursive: true });
    } else if (isUsing(step, "upload-artifact")) {
      const paths = path
        .trim()
        .split("\n")
        .map((each) => each.trim());
      // Several paths keep their place below the folder that they share.
      for (const each of paths) {
        const from = join(cwd, each.replace(/\*\.tgz$/, ""));
        const to = paths.length === 1 ? "" : each.split("/").slice(1).join("/");
        await mkdir(dirname(join(artifacts, expand(artifact, context), to)), { recursive: true });
        await cp(from, join(artifacts, expand(artifact, context), to), { recursive: true });
      }
    } else if (typeof step["run"] === "string") {
      const output = join(cwd, "..", `${name}-${number}.output`);
      await writeFile(output, "");
      const variables = Object.entries(stringMap(step["env"])).map(([key, value]) => [
        key,
        expand(value, context),
      ]);
      const { exitCode, stdout, stderr } = await place.run(step["run"], cwd, {
        GITHUB_OUTPUT: output,
        GITHUB_REPOSITORY: "openai/codex",
        ...Object.fromEntries(variables),
      });
      if (exitCode !== 0)
        throw new Error(`${name}, ${String(step["name"])}:\n${stdout}\n${stderr}`);
      const lines = readFileSync(output, "utf8").trim().split("\n");
      const pairs = lines.map((line) => line.split(/=(.*)/s, 2));
      for (const [key = "", value = ""] of pairs) {
        outputs[key] = value;
        context["steps"] = { ...context["steps"], [`${String(step["id"])}.outputs.${key}`]: value };
      }
    }
  }
  return outputs;
}

const isPosix = process.platform !== "win32";
describe.runIf(isPosix)("publish.yml, run line by line in empty folders", () => {
  test(
    "publishes all packages to the registry that npm is set to",
    async () => {
      const tag = `rust-v${place.version}`;
      const context: Context = { inputs: {}, github: { ref_name: tag, token: "" } };
      const { version = "" } = await runJob("resolve", context);
      expect(version).toBe(place.version);
      const needs = { "resolve.outputs.version": version };
      for (const [index, { id }] of targets.entries()) {
        await runJob("runtime", { ...context, needs, matrix: { platform: id } }, index);
      }
      await runJob("stage", { ...context, needs });
      await runJob("publish", { ...context, needs });
      for (const name of OWN_NAMES) {
        expect(await place.registry.packument(name)).toMatchObject({
          "dist-tags": { latest: version },
          versions: { [version]: { name, version } },
        });
      }
      // The publication is repeated, as after a failure of its last step.
      await expect(runJob("publish", { ...context, needs }, 1)).resolves.toBeDefined();
      expect(existsSync(join(place.path, "jobs", "publish-1", "node_modules"))).toBe(false);
    },
    TIMEOUT_MS,
  );

  test("has a job of this test for every call of the tool", () => {
    const calling = Object.entries(jobs).filter(([, job]) =>
      /\brelease(\.mjs)? (stage|verify|publish|version|preflight)/.test(JSON.stringify(job)),
    );
    expect(calling.map(([name]) => name)).toEqual(["resolve", "runtime", "stage", "publish"]);
  });
});
