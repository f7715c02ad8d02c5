// Part of `pnpm check`: the licences of everything installed, and known vulnerabilities.
import { fileURLToPath } from "node:url";

import { collect, pnpmCommand, run } from "@codex-tools/process";

import { auditOutcome } from "./audit.js";
import { licenceProblems } from "./licences.js";

const cwd = fileURLToPath(new URL("../../../", import.meta.url));

const licences = await run(pnpmCommand(), ["licenses", "list", "--json"], { cwd });
const problems = licenceProblems(JSON.parse(licences));
process.stdout.write(`licences: ${problems.length === 0 ? "ok" : "not ok"}\n`);
const audit = auditOutcome(await collect(pnpmCommand(), ["audit", "--json"], { cwd }));
if (audit.kind === "unavailable") {
  process.stdout.write("audit: not checked, because the registry in use does not offer audits\n");
} else {
  problems.push(...audit.problems);
  process.stdout.write(`audit: ${audit.problems.length === 0 ? "ok" : "not ok"}\n`);
}
for (const problem of problems) process.stderr.write(`  ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
