import type { ThreadLease, ThreadStore } from "@openai/codex";

/** The part of a client of `ioredis` that the store uses. */
export interface RedisClient {
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  hmget(key: string, ...fields: string[]): Promise<(string | null)[]>;
}

// One script is one step for all clients. The time is that of the server, and the token outlives a lease.
const NOW = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
const IS_CURRENT = `
local function isCurrent(token)
  local last = redis.call("HMGET", KEYS[1], "token", "released")
  return last[1] == token and last[2] == "0"
end
`;
const ACQUIRE = `${NOW}
local last = redis.call("HMGET", KEYS[1], "token", "holder", "expires", "released")
if last[4] == "0" and tonumber(last[3]) > now then return {0, last[2], last[3]} end
local token = redis.call("HINCRBY", KEYS[1], "token", 1)
redis.call("HSET", KEYS[1], "holder", ARGV[1], "expires", now + ARGV[2], "released", "0")
return {token}
`;
const RENEW = `${NOW}${IS_CURRENT}
if not isCurrent(ARGV[1]) then return 0 end
redis.call("HSET", KEYS[1], "expires", now + ARGV[2])
return 1
`;
const RELEASE = `${IS_CURRENT}
if isCurrent(ARGV[1]) then redis.call("HSET", KEYS[1], "released", "1") end
return 1
`;
const SAVE = `${IS_CURRENT}
if not isCurrent(ARGV[1]) then return -2 end
local revision = tonumber(redis.call("HGET", KEYS[2], "revision") or "0")
if revision ~= tonumber(ARGV[3]) then return -1 end
redis.call("HSET", KEYS[2], "revision", revision + 1, "data", ARGV[2])
return revision + 1
`;
const DELETE = `${IS_CURRENT}
if not isCurrent(ARGV[1]) then return 0 end
redis.call("DEL", KEYS[2])
return 1
`;

/** Makes a thread store of a Redis server. The keys of a thread are in one slot of a cluster. */
export function redisThreadStore(redis: RedisClient, prefix = "codex"): ThreadStore {
  const leaseKey = (threadId: string) => `${prefix}:{${threadId}}:lease`;
  const dataKey = (threadId: string) => `${prefix}:{${threadId}}:thread`;
  const run = (
    script: string,
    { threadId }: { readonly threadId: string },
    ...args: (string | number)[]
  ) => redis.eval(script, 2, leaseKey(threadId), dataKey(threadId), ...args);

  return {
    async load(threadId) {
      const [data, revision] = await redis.hmget(dataKey(threadId), "data", "revision");
      if (typeof data !== "string" || typeof revision !== "string") return undefined;
      return { data, revision: Number(revision) };
    },
    async save(lease: ThreadLease, data, expectedRevision) {
      const revision = Number(await run(SAVE, lease, lease.token, data, expectedRevision));
      if (revision === -2) return { status: "fenced" };
      return revision === -1 ? { status: "stale" } : { status: "saved", revision };
    },
    async delete(lease) {
      return (await run(DELETE, lease, lease.token)) === 1;
    },
    async acquireLease(threadId, { holder, ttlMs }) {
      const outcome = await run(ACQUIRE, { threadId }, holder, Math.ceil(ttlMs));
      const [token, other, expires] = Array.isArray(outcome) ? outcome : [];
      return token === 0
        ? { status: "held", holder: String(other), expiresAtMs: Number(expires) }
        : { status: "acquired", lease: { threadId, holder, token: Number(token) } };
    },
    async renewLease(lease, ttlMs) {
      return (await run(RENEW, lease, lease.token, Math.ceil(ttlMs))) === 1;
    },
    async releaseLease(lease) {
      await run(RELEASE, lease, lease.token);
    },
  };
}
