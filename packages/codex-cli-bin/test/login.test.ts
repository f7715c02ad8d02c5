import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import { diagnoseLogin } from "../src/login.js";
import { temporaryFolder } from "./support/fixtures.js";

const SECRET = "of-no-known-shape";
const LOG_IN_AGAIN = "auth.json has no login that is known: log in again with `npx codex login`";

test.each<[string, unknown, string, string | null]>([
  ["a ChatGPT login", { OPENAI_API_KEY: null, tokens: { access_token: SECRET } }, "chatgpt", null],
  ["an API key", { OPENAI_API_KEY: SECRET, tokens: null }, "apiKey", null],
  ["neither", { OPENAI_API_KEY: null, tokens: null }, "unknown", LOG_IN_AGAIN],
  ["a list", [SECRET], "unknown", LOG_IN_AGAIN],
])(
  "auth.json with %s is reported with the advice, without its content",
  async (_what, file, kind, advice) => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, "auth.json"), JSON.stringify(file));

    const login = diagnoseLogin({ CODEX_HOME: folder.path });

    expect(login).toMatchObject({ codexHome: folder.path, authFile: kind, advice });
    expect(JSON.stringify(login)).not.toContain(SECRET);
  },
);

test("a damaged auth.json is reported as unknown, and one that cannot be read as unreadable", async () => {
  await using folder = await temporaryFolder();
  const [damaged, directory] = [path.join(folder.path, "a"), path.join(folder.path, "b")];
  await mkdir(damaged);
  await mkdir(path.join(directory, "auth.json"), { recursive: true });
  await writeFile(path.join(damaged, "auth.json"), `{"OPENAI_API_KEY": "${SECRET}`);

  const logins = [damaged, directory].map((home) => diagnoseLogin({ CODEX_HOME: home }));

  expect(logins).toMatchObject([{ authFile: "unknown" }, { authFile: "unreadable" }]);
  expect(JSON.stringify(logins)).not.toContain(SECRET);
});

test("an API key in the environment is named, with the way to use it, and without its value", async () => {
  await using folder = await temporaryFolder();

  const login = diagnoseLogin({ CODEX_HOME: folder.path, OPENAI_API_KEY: SECRET });

  expect(login).toMatchObject({
    authFile: "absent",
    apiKeyVariables: ["OPENAI_API_KEY"],
    advice: "OPENAI_API_KEY is set, but is not a login: pass it as apiKey to new Codex()",
  });
  expect(JSON.stringify(login)).not.toContain(SECRET);
});
