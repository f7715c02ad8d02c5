import type { StartWorkload, WorkerReply, WorkerRequest } from "./workload.js";
import { startFirstThread } from "./workloads/firstThread.js";
// Process of one party: node worker.js <workload> <party> [argument ...]. The bench sends "round" and
// "close" and receives the measures.
import { startFlood } from "./workloads/flood.js";
import { startFootprint } from "./workloads/footprint.js";
import { startLines } from "./workloads/lines.js";
import { startResume } from "./workloads/resume.js";
import { startTurns } from "./workloads/turns.js";

const WORKLOADS: Readonly<Record<string, StartWorkload>> = {
  firstThread: startFirstThread,
  flood: startFlood,
  footprint: startFootprint,
  lines: startLines,
  resume: startResume,
  turns: startTurns,
};

const [name = "", party = "", ...args] = process.argv.slice(2);
const start = WORKLOADS[name];
if (start === undefined) throw new Error(`There is no workload ${name}.`);

const workload = await start(party, args).catch(fail);
process.on("message", (request: WorkerRequest) => {
  const done = request === "round" ? round() : workload.close().then(() => process.disconnect());
  done.catch(fail);
});
// The bench has closed this worker, or was killed.
process.once("disconnect", () => process.exit());
send({ kind: "ready" });

async function round(): Promise<void> {
  send({ kind: "round", measures: await workload.round() });
}

function fail(error: unknown): never {
  send({ kind: "error", message: error instanceof Error ? String(error.stack) : String(error) });
  throw error;
}

function send(reply: WorkerReply): void {
  process.send?.(reply);
}
