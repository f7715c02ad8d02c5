import { join, resolve } from "node:path";

import { ThreadStoreError } from "../../errors.js";
import { fs } from "../../internal/fileSystem.js";
import { isObject } from "../../internal/isObject.js";
import { errnoOf } from "../../internal/paths.js";
import { setTimeout } from "../../internal/timers.js";
import { checkPath } from "../../internal/validate.js";
import { sha256Of } from "./threadBundle.js";
import type {
  LeaseOutcome,
  SaveOutcome,
  StoredThreadData,
  ThreadLease,
  ThreadStore,
} from "./threadStore.js";

/**
 * Age at which the lock of an operation counts as left behind by a process that was killed, in milliseconds. One
 * of a process of this machine that is gone does not count at all.
 */
const STALE_LOCK_MS = 10_000;
/** Longest pause between two attempts to take a lock, in milliseconds. */
const RETRY_MS = 20;

/** The last lease of a thread on the disk. */
interface LeaseRecord {
  readonly token: number;
  readonly holder: string;
  readonly expiresAtMs: number;
  readonly isReleased: boolean;
}

/**
 * Makes a thread store of a folder, with a folder for each thread. Files are replaced as a whole, and
 * leases and locks of a process that was killed expire. All processes must be on machines that share the
 * folder and a clock.
 *
 * @example
 * ```ts
 * const codex = new Codex({ threadStore: fileThreadStore("/var/lib/threads") });
 * ```
 *
 * @throws InvalidOptionError
 */
export function fileThreadStore(dir: string): ThreadStore {
  checkPath("dir", dir);
  return new FileThreadStore(resolve(dir));
}

class FileThreadStore implements ThreadStore {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async load(threadId: string): Promise<StoredThreadData | undefined> {
    const stored = await readJson(join(this.#folderOf(threadId), "thread.json"));
    if (stored === undefined) return undefined;
    const { data, revision } = isObject(stored) ? stored : {};
    if (typeof data === "string" && typeof revision === "number") return { data, revision };
    throw new ThreadStoreError(threadId, "load", "its file thread.json is damaged");
  }

  save(lease: ThreadLease, data: string, expectedRevision: number): Promise<SaveOutcome> {
    return this.#locked(lease.threadId, async (folder) => {
      if (!isCurrent(lease, await readLease(folder, lease.threadId))) return { status: "fenced" };
      const stored = await this.load(lease.threadId);
      if ((stored?.revision ?? 0) !== expectedRevision) return { status: "stale" };
      const revision = expectedRevision + 1;
      await writeJson(folder, "thread.json", { revision, data });
      return { status: "saved", revision };
    });
  }

  delete(lease: ThreadLease): Promise<boolean> {
    return this.#locked(lease.threadId, async (folder) => {
      if (!isCurrent(lease, await readLease(folder, lease.threadId))) return false;
      await fs.promises.rm(join(folder, "thread.json"), { force: true });
      return true;
    });
  }

  acquireLease(
    threadId: string,
    { holder, ttlMs }: { readonly holder: string; readonly ttlMs: number },
  ): Promise<LeaseOutcome> {
    return this.#locked(threadId, async (folder) => {
      const last = await readLease(folder, threadId);
      if (last !== undefined && !last.isReleased && last.expiresAtMs > Date.now()) {
        return { status: "held", holder: last.holder, expiresAtMs: last.expiresAtMs };
      }
      const token = (last?.token ?? 0) + 1;
      await writeLease(folder, {
        token,
        holder,
        expiresAtMs: Date.now() + ttlMs,
        isReleased: false,
      });
      return { status: "acquired", lease: { threadId, holder, token } };
    });
  }

  renewLease(lease: ThreadLease, ttlMs: number): Promise<boolean> {
    return this.#locked(lease.threadId, async (folder) => {
      const last = await readLease(folder, lease.threadId);
      if (last === undefined || !isCurrent(lease, last)) return false;
      await writeLease(folder, { ...last, expiresAtMs: Date.now() + ttlMs });
      return true;
    });
  }

  releaseLease(lease: ThreadLease): Promise<void> {
    return this.#locked(lease.threadId, async (folder) => {
      const last = await readLease(folder, lease.threadId);
      // The record stays: the next token must be larger.
      if (last !== undefined && isCurrent(lease, last)) {
        await writeLease(folder, { ...last, isReleased: true });
      }
    });
  }

  #folderOf(threadId: string): string {
    return join(this.#dir, /^[\w-]{1,100}$/u.test(threadId) ? threadId : sha256Of(threadId));
  }

  /** Runs an operation on a thread while no other process does. */
  async #locked<T>(threadId: string, operate: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.#folderOf(threadId);
    await fs.promises.mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await takeLock(folder);
    try {
      return await operate(folder);
    } finally {
      await fs.promises.rm(lock, { force: true });
    }
  }
}

function isCurrent({ token }: ThreadLease, last: LeaseRecord | undefined): boolean {
  return last?.token === token && !last.isReleased;
}

/**
 * Takes the lock of a folder: a file of its own, made before the others are counted, so that of two
 * processes at most one finds no other. One that is older than an operation takes does not count.
 */
async function takeLock(folder: string): Promise<string> {
  const { randomUUID } = process.getBuiltinModule("node:crypto");
  for (;;) {
    const name = `${randomUUID()}.lock`;
    const lock = join(folder, name);
    // oxlint-disable-next-line no-await-in-loop
    if (!(await hasOtherLock(folder, name))) {
      // oxlint-disable-next-line no-await-in-loop
      await fs.promises.writeFile(lock, ownerOf(process.pid), { flag: "wx", mode: 0o600 });
      // oxlint-disable-next-line no-await-in-loop
      if (!(await hasOtherLock(folder, name))) return lock;
      // oxlint-disable-next-line no-await-in-loop
      await fs.promises.rm(lock, { force: true });
    }
    const pauseMs = 1 + Math.random() * RETRY_MS;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise<void>((wake) => setTimeout(wake, pauseMs));
  }
}

async function hasOtherLock(folder: string, own: string): Promise<boolean> {
  const names = await fs.promises.readdir(folder);
  const others = names.filter((name) => /\.(?:lock|partial)$/u.test(name) && name !== own);
  const live = await Promise.all(
    others.map(async (name) => (await isLive(join(folder, name))) && name.endsWith(".lock")),
  );
  return live.includes(true);
}

/** Names a process among those that see the same processes. */
function ownerOf(pid: number): string {
  let namespace = "";
  try {
    namespace = fs.readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has them.
  }
  return `${process.getBuiltinModule("node:os").hostname()} ${namespace} ${pid}`;
}

/** Returns whether a lock names a process of this machine that is gone. */
async function isOrphaned(path: string): Promise<boolean> {
  const owner = await fs.promises.readFile(path, "utf8");
  const pid = Number(owner.split(" ").at(-1));
  if (!(pid > 0) || owner !== ownerOf(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === "ESRCH";
  }
}

/** Removes a file that a process which was killed has left behind. */
async function isLive(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await fs.promises.stat(path);
    const isStale = Date.now() - mtimeMs >= STALE_LOCK_MS;
    if (!isStale && !(path.endsWith(".lock") && (await isOrphaned(path)))) return true;
    await fs.promises.rm(path, { force: true });
    return false;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function readLease(folder: string, threadId: string): Promise<LeaseRecord | undefined> {
  const record = await readJson(join(folder, "lease.json"));
  if (record === undefined) return undefined;
  const { token, holder, expiresAtMs, isReleased } = isObject(record) ? record : {};
  if (typeof token !== "number" || typeof holder !== "string" || typeof expiresAtMs !== "number") {
    throw new ThreadStoreError(threadId, "lease", "its file lease.json is damaged");
  }
  return { token, holder, expiresAtMs, isReleased: isReleased === true };
}

function writeLease(folder: string, record: LeaseRecord): Promise<void> {
  return writeJson(folder, "lease.json", record);
}

/** Returns the content of a file; `undefined` without one. */
async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await fs.promises.readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
  return JSON.parse(text);
}

/** Replaces a file as a whole: a reader sees the old content or the new one, also after a crash. */
async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  const partial = join(folder, `${process.getBuiltinModule("node:crypto").randomUUID()}.partial`);
  try {
    const file = await fs.promises.open(partial, "wx", 0o600);
    try {
      await file.writeFile(JSON.stringify(value));
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.promises.rename(partial, join(folder, name));
  } finally {
    await fs.promises.rm(partial, { force: true });
  }
}
