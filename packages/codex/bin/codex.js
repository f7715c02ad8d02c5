#!/usr/bin/env node
import { fileURLToPath } from "node:url";

import { runCodex } from "@openai/codex-cli-bin/run";

runCodex(process.argv.slice(2), { packageRoot: fileURLToPath(new URL("..", import.meta.url)) });
