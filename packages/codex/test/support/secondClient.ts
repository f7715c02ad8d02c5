import { dirname } from "node:path";

import { Codex, type CodexOptions } from "../../src/index.js";
import type { Harness } from "../../src/testing/index.js";

/** Makes a client with a runtime of its own and the stored threads of the harness. Close it. */
export function secondClient({ codexHome }: Harness, options: CodexOptions = {}): Codex {
  // Commands run in login shells, which must not read the profile of the developer.
  const home = dirname(codexHome);
  const env = { CODEX_HOME: codexHome, HOME: home, USERPROFILE: home };
  return new Codex({ ...options, env: { ...env, ...options.env } });
}
