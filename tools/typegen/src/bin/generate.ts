import { fileURLToPath } from "node:url";

import { codexPath, pinnedRuntimeVersion } from "@openai/codex-cli-bin";

import { generateTypes } from "../generateTypes.js";

const outDir = fileURLToPath(
  new URL("../../../../packages/codex-types/src/generated", import.meta.url),
);
const manifest = await generateTypes({
  codexPath: codexPath(),
  outDir,
  expectedVersion: pinnedRuntimeVersion(),
});
const { experimental } = manifest;
process.stdout.write(
  `Wrote ${experimental.types} types, ${experimental.clientRequests} client requests, ${experimental.serverRequests} server requests and ${experimental.serverNotifications} server notifications of the runtime ${manifest.runtimeVersion}.\n`,
);
