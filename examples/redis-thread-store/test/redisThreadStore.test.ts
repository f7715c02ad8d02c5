import { threadStoreContracts } from "@openai/codex/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { redisThreadStore } from "../src/redisThreadStore.js";
import { missingRedis, startRedis } from "./redisServer.js";

const missing = missingRedis();

describe.skipIf(missing !== undefined)(
  `a thread store in Redis fulfils the contract that${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let server: Awaited<ReturnType<typeof startRedis>> | undefined;
    let client: Redis | undefined;
    beforeAll(async () => {
      server = await startRedis();
      client = new Redis(server.port, "127.0.0.1");
    });
    afterAll(async () => {
      client?.disconnect();
      await server?.[Symbol.asyncDispose]();
    });

    const contracts = threadStoreContracts(() => {
      if (client === undefined) throw new Error("the server has not started");
      return redisThreadStore(client);
    });

    it.each(contracts)("$name", async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    });
  },
);
