// The package as it is published, on a system that refuses calls, and in deployments that lack files.
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { temporaryFolder } from "./support/fixtures.js";
import {
  buildPackage,
  evaluate,
  installFakeRuntime,
  installPackage,
  thisTarget,
  versionOfThisPackage,
} from "./support/installation.js";

const { packageName } = thisTarget();
const own = "@openai/codex-cli-bin";
const isWindows = process.platform === "win32";
let built: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  built = await temporaryFolder();
  await buildPackage(built.path);
});
afterAll(() => built[Symbol.asyncDispose]());

async function installation() {
  const folder = await temporaryFolder();
  const modules = path.join(folder.path, "node_modules");
  await installPackage(built.path, path.join(modules, own));
  const codex = await installFakeRuntime(path.join(modules, packageName), {});
  return { ...folder, modules, codex };
}

const failureOf = `const failureOf = (act) => {
  try { return act(); } catch (error) { return { name: error.name, code: error.code, message: error.message }; }
};`;

describe.skipIf(isWindows)("on a system that refuses calls", () => {
  test("an installation is not blamed when the process has no file descriptors left", async () => {
    await using installed = await installation();
    const result = await evaluate(
      installed.path,
      `import { closeSync, openSync } from "node:fs";
       import { codexPath, diagnose } from "${own}";
       ${failureOf}
       diagnose();
       const open = [];
       try { for (;;) open.push(openSync("/dev/null", "r")); } catch {}
       const result = [failureOf(codexPath), failureOf(() => diagnose().outcome)];
       open.forEach((descriptor) => closeSync(descriptor));
       console.log(JSON.stringify(result));`,
      ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh"],
    );
    const message = expect.stringMatching(/\(EMFILE\): this process has as many files/);
    expect(result).toEqual([
      { name: "CodexCliBinError", code: "SYSTEM_ERROR", message },
      expect.objectContaining({ kind: "failed", code: "SYSTEM_ERROR", problem: message }),
    ]);
    expect(JSON.stringify(result)).not.toMatch(/install|delete|bundle/);
  });

  test("the runtime is found from a working directory that has been removed, and a relative override is explained", async () => {
    await using installed = await installation();
    const removed = path.join(installed.path, "removed");
    await mkdir(removed);
    const result = await evaluate(
      installed.path,
      `import { rmdirSync } from "node:fs";
       import { codexPath, diagnose } from "${own}";
       ${failureOf}
       process.chdir(${JSON.stringify(removed)});
       rmdirSync(${JSON.stringify(removed)});
       const found = [codexPath(), diagnose().workingDirectory];
       process.env.CODEX_CLI_BIN_PATH = "bin/codex";
       console.log(JSON.stringify([...found, failureOf(codexPath), diagnose().outcome.code]));`,
    );
    expect(result).toEqual([
      installed.codex,
      null,
      {
        name: "CodexCliBinError",
        code: "NO_WORKING_DIRECTORY",
        message: expect.stringContaining("(ENOENT): it has been removed"),
      },
      "NO_WORKING_DIRECTORY",
    ]);
  });
});

test.skipIf(isWindows)(
  "a link to a removed folder is named in place of a missing package",
  async () => {
    await using installed = await installation();
    const entry = path.join(installed.modules, packageName);
    await rm(entry, { recursive: true });
    await symlink(path.join(installed.path, "pruned"), entry);
    const result = await evaluate(
      installed.path,
      `import { codexPath } from "${own}"; ${failureOf} console.log(JSON.stringify(failureOf(codexPath)));`,
    );
    expect(result).toMatchObject({
      code: "PLATFORM_PACKAGE_MISSING",
      message: expect.stringContaining(
        `${entry} is a link to ${path.join(installed.path, "pruned")}, which does not exist.`,
      ),
    });
  },
);

test("a deployment by file tracing names the setting that includes the runtime", async () => {
  await using installed = await installation();
  await rm(path.join(installed.modules, packageName), { recursive: true });
  await rm(path.join(installed.modules, own, "README.md"));
  const result = await evaluate(
    installed.path,
    `import { diagnose } from "${own}"; const { isTraced, outcome } = diagnose(); console.log(JSON.stringify({ isTraced, outcome }));`,
  );
  expect(result).toMatchObject({
    isTraced: true,
    outcome: {
      code: "NOT_TRACED",
      remedies: expect.arrayContaining([
        expect.stringContaining(
          `outputFileTracingIncludes: { "/**": ["./node_modules/${packageName}/**/*"] }`,
        ),
      ]),
    },
  });
  expect(JSON.stringify(result)).not.toContain("--include=optional");
});

test("a project below a real folder that is named like an archive is not an archive", async () => {
  await using folder = await temporaryFolder();
  const modules = path.join(folder.path, "my.zip/app.asar/node_modules");
  await installPackage(built.path, path.join(modules, own));
  const codex = await installFakeRuntime(path.join(modules, packageName), {});
  const result = await evaluate(
    path.dirname(modules),
    `import { codexPath } from "${own}"; console.log(JSON.stringify(codexPath()));`,
  );
  expect(result).toBe(codex);
});

test("the global virtual store of pnpm, outside the project, is an installation as any other", async () => {
  await using folder = await temporaryFolder();
  const version = await versionOfThisPackage();
  const links = path.join(folder.path, "store/v11/links/@openai");
  const ownFolder = path.join(links, "codex-cli-bin", version, "0a1b/node_modules", own);
  const platform = path.join(links, "codex-platform", version, "2c3d/node_modules", packageName);
  await installPackage(built.path, ownFolder);
  const codex = await installFakeRuntime(platform, {});
  const sibling = path.join(ownFolder, "../..", packageName);
  await symlink(platform, sibling, "junction");
  const project = path.join(folder.path, "project");
  await mkdir(path.join(project, "node_modules/@openai"), { recursive: true });
  await symlink(ownFolder, path.join(project, "node_modules", own), "junction");
  const ask = `import { diagnose } from "${own}"; console.log(JSON.stringify(diagnose().outcome));`;
  expect(await evaluate(project, ask)).toMatchObject({ kind: "found", codexPath: codex });
  await rm(sibling, { recursive: true });
  expect(await evaluate(project, ask)).toMatchObject({
    code: "PLATFORM_PACKAGE_MISSING",
    remedies: expect.arrayContaining([expect.stringContaining("pnpm install")]),
  });
});

test("the diagnosis shows the kind of a stored login and the names of key variables, and no secret", async () => {
  await using installed = await installation();
  const ask = (home: string) =>
    evaluate(
      installed.path,
      `import { diagnose } from "${own}";
       process.env.CODEX_HOME = ${JSON.stringify(home)};
       process.env.OPENAI_API_KEY = "sk-variable";
       delete process.env.CODEX_API_KEY;
       console.log(JSON.stringify(diagnose().login));`,
    );
  const logins = [
    ["chatgpt", { tokens: { access_token: "sk-secret" }, OPENAI_API_KEY: null }, null],
    ["apiKey", { OPENAI_API_KEY: "sk-secret" }, null],
    ["unknown", [], "auth.json has no login that is known: log in again with `npx codex login`"],
  ] as const;
  for (const [authFile, content, advice] of logins) {
    const codexHome = path.join(installed.path, authFile);
    await mkdir(codexHome);
    await writeFile(path.join(codexHome, "auth.json"), JSON.stringify(content));
    expect(await ask(codexHome)).toEqual({
      codexHome,
      authFile,
      apiKeyVariables: ["OPENAI_API_KEY"],
      advice,
    });
  }
  expect(await ask(path.join(installed.path, "none"))).toMatchObject({ authFile: "absent" });
});
