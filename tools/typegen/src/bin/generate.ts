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
for (const method of manifest.unmappedResults) {
  process.stderr.write(
    `The result of ${method} is unknown: add an entry to RESPONSES_BY_HAND in tools/typegen/src/responses.ts.\n`,
  );
}
for (const method of manifest.staleResponses) {
  process.stderr.write(
    `RESPONSES_BY_HAND in tools/typegen/src/responses.ts has an entry for ${method} that is not needed: remove it.\n`,
  );
}
