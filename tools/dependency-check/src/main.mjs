// Part of `pnpm check`: the licences of all that is installed, and known vulnerabilities.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { auditOutcome } from "./audit.mjs";
import { licenceProblems } from "./licences.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function pnpm(...args) {
  return spawnSync("pnpm", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

const problems = licenceProblems(JSON.parse(pnpm("licenses", "list", "--json").stdout));
process.stdout.write(`licences: ${problems.length === 0 ? "ok" : "not ok"}\n`);
const audit = auditOutcome(pnpm("audit", "--json"));
if (audit.kind === "unavailable") {
  process.stdout.write("audit: not checked, as the registry in use answers no audit requests\n");
} else {
  problems.push(...audit.problems);
  process.stdout.write(`audit: ${audit.problems.length === 0 ? "ok" : "not ok"}\n`);
}
for (const problem of problems) process.stderr.write(`  ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
