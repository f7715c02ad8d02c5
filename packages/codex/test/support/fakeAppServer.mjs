// A scripted app-server, for tests that inject faults: node fakeAppServer.mjs <script.json> [arguments].
// The script has the actions at the start and on each message; fakeAppServer.ts documents them. Received
// messages are appended to the log, one JSON line each. The process ends when its stdin ends or its
// parent has ended, whatever the script has.
import { spawn } from "node:child_process";
import { appendFileSync, closeSync, readFileSync, writeSync } from "node:fs";

const [scriptFile, ...args] = process.argv.slice(2);
const script = JSON.parse(readFileSync(scriptFile, "utf8"));
const parent = process.ppid;
const counts = new Map();

function log(entry) {
  appendFileSync(script.logFile, `${JSON.stringify(entry)}\n`);
}

const isFirstStart = readFileSync(script.logFile, "utf8") === "";
log({ kind: "started", pid: process.pid, args, cwd: process.cwd(), env: process.env });
setInterval(() => process.ppid !== parent && process.exit(0), 100);

/** Bytes that are held back, so that several messages share a chunk. */
let held;

/** Writes all bytes, also to a pipe that is full for a while. */
async function write(bytes, fd = 1) {
  if (held !== undefined && fd === 1) {
    held.push(bytes);
    return;
  }
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") return log({ kind: "writeFailed", code: error.code });
      await sleep(1);
    }
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function send(message) {
  return write(Buffer.from(`${JSON.stringify(message)}\n`));
}

async function collect(actions, cause) {
  const outer = held;
  held = [];
  await run(actions, cause);
  const bytes = Buffer.concat(held);
  held = outer;
  return bytes;
}

/** Cuts before each offset, or after each `every` bytes. */
function cut(bytes, { offsets, every }) {
  const ends =
    offsets ?? Array.from({ length: Math.ceil(bytes.length / every) }, (_, i) => (i + 1) * every);
  const pieces = [];
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    if (end > start) pieces.push(bytes.subarray(start, end));
    start = Math.max(start, end);
  }
  return pieces;
}

const GRANDCHILD = `
  process.on("SIGTERM", () => {});
  const host = Number(process.argv[1]);
  setInterval(() => { try { process.kill(host, 0) } catch { process.exit() } }, 100);
  setTimeout(() => process.exit(), 20_000);
  if (process.argv[2] === "chatty") setInterval(() => process.stdout.write("grandchild\\n"), 20);
`;

const ACTIONS = {
  answer: ({ answer }, cause) => send({ id: cause.id, result: answer }),
  answerTo: ({ answerTo, result }) => send({ id: answerTo, result }),
  error: ({ error }, cause) => send({ error, id: cause.id }),
  send: ({ send: message }) => send(message),
  raw: ({ raw }) => write(Buffer.from(raw, "utf8")),
  base64: ({ base64 }) => write(Buffer.from(base64, "base64")),
  stderr: ({ stderr, times = 1 }) => write(Buffer.from(stderr.repeat(times)), 2),
  together: async ({ together }, cause) => write(await collect(together, cause)),
  split: async ({ split, every, offsets }, cause) => {
    const pieces = cut(await collect(split, cause), { every, offsets });
    for (const piece of pieces) {
      await write(piece);
      await sleep(1);
    }
  },
  repeat: ({ repeat, times }) =>
    write(
      Buffer.concat(
        Array.from({ length: times }, () => repeat).map((message, i) =>
          Buffer.from(`${JSON.stringify(message).replaceAll("$i", i)}\n`),
        ),
      ),
    ),
  huge: ({ huge, bytes, character }) =>
    send(JSON.parse(JSON.stringify(huge).replace("$huge", () => character.repeat(bytes)))),
  delay: ({ delay }) => sleep(delay),
  mark: ({ mark }) => log({ kind: "mark", mark, atMs: Date.now() }),
  exit: ({ exit }) => process.exit(exit),
  kill: ({ kill }) => process.kill(process.pid, kill),
  close: ({ close }) => {
    if (close === "stdin") process.stdin.destroy();
    if (close === "stdin") closeQuietly(0);
    else closeSync(1);
  },
  ignore: ({ ignore }) => {
    if (ignore === "stdinEnd") ignoresStdinEnd = true;
    else process.on(ignore, () => log({ kind: "signal", signal: ignore }));
  },
  stopReading: () => process.stdin.pause(),
  grandchild: ({ grandchild }) => {
    const child = spawn(
      process.execPath,
      ["-e", GRANDCHILD, String(parent), grandchild.chatty ? "chatty" : "quiet"],
      {
        stdio: ["ignore", "inherit", "inherit"],
        detached: grandchild.ownGroup === true,
      },
    );
    child.unref();
    log({ kind: "grandchild", pid: child.pid });
  },
};

function closeQuietly(fd) {
  try {
    closeSync(fd);
  } catch {
    // The stream has closed the descriptor already.
  }
}

let ignoresStdinEnd = false;

async function run(actions, cause) {
  for (const action of actions) {
    const word = Object.keys(action).find((key) => Object.hasOwn(ACTIONS, key));
    if (word === undefined) throw new Error(`no such action: ${JSON.stringify(action)}`);
    await ACTIONS[word](action, cause);
  }
}

/** Returns the actions for a message: of several lists, the n-th one for the n-th message of its method. */
function actionsFor(message) {
  const key = message.method ?? `answer ${message.id}`;
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  const lists = script.on[key];
  if (lists !== undefined) return lists[Math.min(count, lists.length - 1)];
  if (message.id === undefined || message.method === undefined) return [];
  const message_ = `Invalid request: unknown variant \`${message.method}\``;
  return [{ error: { code: -32600, message: message_ } }];
}

/** The actions of the messages run one after the other, in the order of arrival. */
let turn = run(isFirstStart ? (script.firstStart ?? script.start) : script.start, {});
let text = "";

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  text += chunk;
  const lines = text.split("\n");
  text = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    log({ kind: "received", message });
    turn = turn.then(() => run(actionsFor(message), message));
  }
});
process.stdin.on("end", () => {
  log({ kind: "stdinEnded" });
  turn = turn.then(() => run(script.onStdinEnd, {}));
  if (!ignoresStdinEnd) turn.then(() => process.exit(script.exitCode));
});
