import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import type { Environment } from "./environment.js";
import { stringMember } from "./layout.js";
import { errnoOf, isAbsent } from "./systemErrors.js";

/** Stored login that can be seen without starting the runtime. Contains no secret. */
export interface LoginDiagnosis {
  /** Folder in which the runtime keeps its login: `CODEX_HOME`, else `.codex` in the home directory. */
  readonly codexHome: string | null;
  /**
   * Login in `auth.json`. `absent` does not prove that nobody is logged in: the runtime may keep the
   * login in the system's keyring.
   */
  readonly authFile: "chatgpt" | "apiKey" | "unknown" | "absent" | "unreadable";
  /** Variables with an API key that are set. `codex app-server` does not log in with them by itself. */
  readonly apiKeyVariables: readonly string[];
  /** The way to log in, or to repair the login; `null` if there is a login. */
  readonly advice: string | null;
}

const API_KEY_VARIABLES = ["CODEX_API_KEY", "OPENAI_API_KEY"] as const;

/** Looks for a stored login. Never throws. */
export function diagnoseLogin(env: Environment): LoginDiagnosis {
  const codexHome = codexHomeOf(env);
  const authFile = codexHome === null ? "absent" : authFileIn(codexHome);
  const apiKeyVariables = API_KEY_VARIABLES.filter((name) => (env[name] ?? "") !== "");
  const advice = adviceFor(authFile, apiKeyVariables[0]);
  return { codexHome, authFile, apiKeyVariables, advice };
}

function adviceFor(
  authFile: LoginDiagnosis["authFile"],
  variable: string | undefined,
): string | null {
  switch (authFile) {
    case "chatgpt":
    case "apiKey":
      return null;
    case "unreadable":
      return "auth.json cannot be read by this user: correct its permissions, or set CODEX_HOME to another directory";
    case "unknown":
      return "auth.json has no login that is known: log in again with `npx codex login`";
    case "absent":
      return variable === undefined
        ? "log in with `npx codex login`, or pass apiKey to new Codex()"
        : `${variable} is set, but is not a login: pass it as apiKey to new Codex()`;
  }
}

function codexHomeOf(env: Environment): string | null {
  const given = env["CODEX_HOME"];
  if (given !== undefined && given !== "") return given;
  try {
    return path.join(homedir(), ".codex");
  } catch {
    return null;
  }
}

function authFileIn(codexHome: string): LoginDiagnosis["authFile"] {
  let login: unknown;
  try {
    login = JSON.parse(readFileSync(path.join(codexHome, "auth.json"), "utf8"));
  } catch (error) {
    if (isAbsent(error)) return "absent";
    return errnoOf(error) === undefined ? "unknown" : "unreadable";
  }
  if (typeof login === "object" && login !== null && "tokens" in login && login.tokens !== null) {
    return "chatgpt";
  }
  return stringMember(login, "OPENAI_API_KEY") === null ? "unknown" : "apiKey";
}
