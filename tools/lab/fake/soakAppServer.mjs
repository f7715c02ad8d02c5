import process from "node:process";
// App-server of the soak: node soakAppServer.mjs [way to end]. A turn's input is a JSON object with its
// content: { deltas, markEvery?, faults? }. With faults, messages are cut at any byte and invalid messages
// are sent between them. `soak/report` returns the number of injected faults.
import { createInterface } from "node:readline";

const death = process.argv[2] ?? "none";
if (death === "beforeInitialize") process.exit(1);
if (death === "ignoresTheEnd") process.on("SIGTERM", () => {});

const counts = {
  cuts: 0,
  junkLines: 0,
  stderrLines: 0,
  unknownAnswers: 0,
  unknownNotifications: 0,
  lateEvents: 0,
};
let threads = 0;
let turns = 0;

/** Text of a delta, equal to that of the client. It has more than ASCII, so that cuts hit characters. */
const piece = (index) => `wörd ${index} \ud83d\ude00`;

const line = (message) => `${JSON.stringify(message)}\n`;
const note = (method, params) => line({ method, params });

/** Resolves when the pipe takes more. */
function write(bytes) {
  if (process.stdout.write(bytes)) return undefined;
  return new Promise((resolve) => process.stdout.once("drain", resolve));
}

async function writeCut(text, cuts) {
  const bytes = Buffer.from(text);
  let start = 0;
  for (let cut = 1; cut <= cuts; cut += 1) {
    // Not a round fraction of the length, so that the cuts move through messages and characters.
    const end = Math.floor((bytes.length * cut) / (cuts + 1.37));
    await write(bytes.subarray(start, end));
    await new Promise((resolve) => setImmediate(resolve));
    counts.cuts += 1;
    start = end;
  }
  await write(bytes.subarray(start));
}

/** Returns the messages that disturb a turn with faults, and counts each kind. */
function disturb(threadId, number) {
  let text = "";
  if (number % 2 === 0) {
    counts.junkLines += 1;
    text += "not a message: thread 'main' panicked\n";
  }
  if (number % 3 === 0) {
    counts.unknownAnswers += 1;
    text += line({ id: 9_000_000 + number, result: {} });
  }
  if (number % 5 === 0) {
    counts.unknownNotifications += 1;
    text += note("soak/unknown", { threadId, number });
  }
  if (number % 7 === 0 && number > 1) {
    counts.lateEvents += 1;
    const params = { threadId, turnId: `turn-${number - 1}`, itemId: "late", delta: "late" };
    text += note("item/agentMessage/delta", params);
  }
  if (number % 11 === 0) {
    counts.stderrLines += 1;
    process.stderr.write("a warning\n");
  }
  return text;
}

async function runTurn(id, { threadId, input }) {
  const { deltas, markEvery = 0, faults = false } = JSON.parse(input[0].text);
  turns += 1;
  const number = turns;
  const turnId = `turn-${number}`;
  const turn = { id: turnId, items: [], status: "inProgress", error: null };
  const itemId = `item-${number}`;
  let text = line({ id, result: { turn } }) + note("turn/started", { threadId, turn });
  if (faults) text += disturb(threadId, number);
  if (death === "inTurn") {
    await write(text);
    process.kill(process.pid, "SIGKILL");
    return;
  }
  let whole = "";
  for (let index = 0; index < deltas; index += 1) {
    if (markEvery === 0) whole += piece(index);
    text += note("item/agentMessage/delta", { threadId, turnId, itemId, delta: piece(index) });
    if (markEvery > 0 && index % markEvery === markEvery - 1) {
      text += note("soak/mark", { threadId, turnId, after: index + 1 });
    }
    if (text.length < 65_536) continue;
    const flushed = write(text);
    text = "";
    if (flushed !== undefined) await flushed;
  }
  const item = { type: "agentMessage", id: itemId, text: whole, phase: null };
  text += note("item/completed", { threadId, turnId, item });
  text += note("turn/completed", { threadId, turn: { ...turn, status: "completed" } });
  if (faults) await writeCut(text, 1 + (number % 4));
  else await write(text);
}

async function answer({ id, method, params }) {
  switch (method) {
    case "initialize":
      if (death === "inInitialize") process.exit(1);
      if (death === "silent") return;
      await write(line({ id, result: { userAgent: "soak/0.0.0 (fake)" } }));
      return;
    case "thread/start":
      threads += 1;
      await write(line({ id, result: { thread: { id: `thread-${threads}`, turns: [] } } }));
      return;
    case "turn/start":
      await runTurn(id, params);
      return;
    case "soak/report":
      await write(line({ id, result: counts }));
      return;
    default:
      if (id !== undefined) await write(line({ id, error: { code: -32600, message: method } }));
  }
}

let last = Promise.resolve();
const lines = createInterface({ input: process.stdin });
lines.on("line", (text) => {
  last = last.then(() => answer(JSON.parse(text)));
});
lines.on("close", () => {
  if (death !== "ignoresTheEnd") void last.then(() => process.exit(0));
  // Exits when its parent has ended, so that no process is left behind.
  else setInterval(() => process.ppid === 1 && process.exit(0), 100);
});
