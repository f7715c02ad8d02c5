// What a user's ES module does first: it imports the SDK, finds the runtime and runs a turn.
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import { CODEX_VERSION } from "@openai/codex";
import { startHarness } from "@openai/codex/testing";

const require = createRequire(import.meta.url);
// The lookup is the SDK's dependency; an isolated install shows it to the SDK alone.
const fromSdk = createRequire(realpathSync(require.resolve("@openai/codex/package.json")));
const lookup = pathToFileURL(fromSdk.resolve("@openai/codex-cli-bin"));
const { codexPath, runtimeVersion } = await import(lookup.href);
// Other programs look for the platform package from the SDK's folder.
fromSdk.resolve(`@openai/codex-${process.platform}-${process.arch}/package.json`);

const harness = await startHarness();
try {
  harness.model.reply("Installed.");
  const thread = await harness.codex.startThread();
  const { finalResponse } = await thread.run("Say whether you are installed.");
  const report = {
    version: CODEX_VERSION,
    runtime: runtimeVersion(),
    codexPath: codexPath(),
    finalResponse,
  };
  process.stdout.write(JSON.stringify(report));
} finally {
  await harness.close();
}
