// The same as smoke.mjs, from CommonJS.
const { realpathSync } = require("node:fs");
const { createRequire } = require("node:module");

const { CODEX_VERSION } = require("@openai/codex");
const { startHarness } = require("@openai/codex/testing");

const fromSdk = createRequire(realpathSync(require.resolve("@openai/codex/package.json")));
const { codexPath, runtimeVersion } = fromSdk("@openai/codex-cli-bin");

async function main() {
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
}

void main();
