// App-server of the bench: node floodAppServer.mjs <turns> <deltas>. It waits until <turns> turns have
// been started, then writes all their events as fast as the pipe takes them, in the form of recorded
// lines. `bench/line` answers with a text of { bytes }, written in chunks of { chunkBytes }.
import process from "node:process";
import { createInterface } from "node:readline";

const [turnCount = 1, deltaCount = 1] = process.argv.slice(2).map(Number);
const CHUNK_BYTES = 65_536;

let threads = 0;
let turns = 0;
let started = [];

const line = (message) => `${JSON.stringify(message)}\n`;
const note = (method, params) => line({ method, params, emittedAtMs: 1_700_000_000_000 });

/** Resolves when the pipe takes more. */
async function write(bytes) {
  if (process.stdout.write(bytes)) return;
  await new Promise((resolve) => process.stdout.once("drain", resolve));
}

async function writeInChunks(bytes, chunkBytes) {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await write(bytes.subarray(at, at + chunkBytes));
  }
}

/** All events of the started turns, interleaved as the runtime does. */
function eventsOf(batch) {
  const texts = [];
  for (let index = 0; index < deltaCount; index += 1) {
    for (const { threadId, turnId, itemId } of batch) {
      const delta = `token ${index}, `;
      texts.push(note("item/agentMessage/delta", { threadId, turnId, itemId, delta }));
    }
  }
  for (const { threadId, turnId, itemId, turn } of batch) {
    const item = { type: "agentMessage", id: itemId, text: "done", phase: null };
    texts.push(note("item/completed", { threadId, turnId, item }));
    texts.push(note("turn/completed", { threadId, turn: { ...turn, status: "completed" } }));
  }
  return Buffer.from(texts.join(""));
}

async function startTurn(id, { threadId }) {
  turns += 1;
  const turnId = `00000000-0000-4000-8000-${`${turns}`.padStart(12, "0")}`;
  const turn = { id: turnId, items: [], status: "inProgress", error: null };
  started.push({ threadId, turnId, itemId: `msg_${turns}`, turn });
  await write(line({ id, result: { turn } }) + note("turn/started", { threadId, turn }));
  if (started.length < turnCount) return;
  const batch = started;
  started = [];
  const bytes = eventsOf(batch);
  // The client starts its clock here, so that preparing the bytes does not count.
  await write(note("bench/ready", {}));
  await writeInChunks(bytes, CHUNK_BYTES);
}

/** Text of a line, prepared once for each size. */
const prepared = new Map();
function lineOf(id, bytes) {
  if (!prepared.has(bytes)) prepared.set(bytes, "x".repeat(bytes));
  return Buffer.from(line({ id, result: { text: prepared.get(bytes) } }));
}

async function handle({ id, method, params }) {
  if (method === "initialize") {
    const serverInfo = { name: "flood", version: "0.0.0" };
    return write(line({ id, result: { userAgent: "flood/0.0.0", serverInfo } }));
  }
  if (method === "thread/start") {
    threads += 1;
    return write(line({ id, result: { thread: { id: `thread-${threads}`, turns: [] } } }));
  }
  if (method === "turn/start") return startTurn(id, params);
  if (method === "bench/line") {
    const bytes = lineOf(id, params.bytes);
    await write(note("bench/ready", {}));
    return writeInChunks(bytes, params.chunkBytes);
  }
  return id === undefined ? undefined : write(line({ id, result: {} }));
}

// One after the other, so that messages do not interleave.
let last = Promise.resolve();
createInterface({ input: process.stdin }).on("line", (text) => {
  last = last.then(() => handle(JSON.parse(text)));
});
process.stdin.once("end", () => process.exit(0));
