// Runs a bump of a small checkout, as `otherRuntime.ts` describes it, and kills this process at one point.
// The arguments: the checkout, the version, the name of the point, and the runtime as JSON.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";

import { bumpLane } from "../../dist/bump/bumpLane.js";
import { openRepository } from "../../dist/repository.js";
import { parseCodexVersion } from "../../dist/version/codexVersion.js";

const [root = "", version = "", point = "", runtime = ""] = process.argv.slice(2);
const { generated, published, lockFile, transcript } = JSON.parse(runtime);

const reach = (name) => {
  if (name === point) process.kill(process.pid, "SIGKILL");
};
const write = async (folder, files) => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    reach(`half of ${Object.keys(files).at(-1)}`);
  }
};

await bumpLane({
  repository: openRepository(root),
  version: parseCodexVersion(version),
  onProgress: reach,
  tools: {
    draftTypes: (_version, outDir) => write(outDir, generated),
    publishedVersions: async () => new Set(published),
    install: async () => {
      const { optionalDependencies } = JSON.parse(
        await readFile(join(root, "package.json"), "utf8"),
      );
      await write(root, {
        "pnpm-lock.yaml": lockFile,
        "node_modules/installed.json": JSON.stringify(optionalDependencies),
      });
    },
    record: () => write(root, transcript),
  },
});
