// The life of a thread: name, list, fork, revert, compact, archive, unarchive, delete.
import { Codex } from "@openai/codex";

await using codex = new Codex();
const thread = await codex.startThread();
await thread.run("Say one.");
const second = await thread.run("Say two.");

await thread.setName("Counting");
const { data } = await codex.listThreads({ limit: 5 });
console.log("Listed:", data.map(({ name, id }) => name ?? id).join(", "));

const fork = await thread.fork();
const forked = await fork.run("Say three.");
console.log("Fork:", forked.finalResponse);
await codex.deleteThread(fork.id);

// Removes the second turn; files that it may have changed stay as they are.
await thread.revert(second.id);
const { data: turns } = await thread.listTurns();
console.log("Turns after the revert:", turns.length);

const compaction = await thread.compact();
console.log("Compaction:", compaction.status);

await thread.archive();
const restored = await codex.unarchiveThread(thread.id);
await codex.resumeThread(restored.id);
await codex.deleteThread(restored.id);
console.log("Lifecycle OK:", restored.id);
