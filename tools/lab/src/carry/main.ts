// `pnpm lab carry`: kills hosts and runtimes in the middle of a conversation; writes docs/carry.md. With --short,
// a few points and nothing written.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { faultOf, type StoredTurn } from "./conversation.js";
import { type HostLife, runAndKill } from "./killedHost.js";
import { type KilledPoint, toPage, toSummary } from "./report.js";

const page = fileURLToPath(new URL("../../../../docs/carry.md", import.meta.url));
const isShort = process.argv.includes("--short");
/** Steps after which a host is killed: each step of several turns, or a few of them. */
const points = isShort ? [1, 4, 8, 11, 15] : Array.from({ length: 50 }, (_, index) => index + 1);

const folder = await mkdtemp(join(tmpdir(), "carry-"));
const results: KilledPoint[] = [];
try {
  const shown: StoredTurn[] = [];
  let before: HostLife | undefined;
  // One host more than points: each shows how the one before it has ended.
  for (const [index, steps] of [...points, 1].entries()) {
    const args = [folder, `host ${index}`, ...(before === undefined ? [] : [before.threadId])];
    // oxlint-disable-next-line no-await-in-loop
    const life = await runAndKill(args, steps);
    if (before === undefined) shown.push(...life.found);
    else {
      const isSame = life.threadId === before.threadId && life.sandbox === "workspace-write";
      const fault = isSame
        ? faultOf(life.found, shown, before.begun)
        : `the thread has come back as ${life.threadId} with the sandbox ${life.sandbox}`;
      results.push({ steps: points[index - 1] ?? 0, last: before.last, fault });
      shown.splice(0, shown.length, ...life.found);
    }
    shown.push(...life.shown);
    before = life;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (!isShort) await writeFile(page, toPage(results, process.version));
process.stdout.write(`${toSummary(results)}\n`);
process.exitCode = results.every(({ fault }) => fault === undefined) ? 0 : 1;
