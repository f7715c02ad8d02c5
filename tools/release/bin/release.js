#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/index.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write(
    "error: the release tool is not built. Build it first: pnpm exec turbo run build --filter=@codex-tools/release\n",
  );
  process.exitCode = 1;
}
