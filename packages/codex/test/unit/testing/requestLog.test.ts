import { describe, expect, it } from "vitest";

import { RequestLog } from "../../../src/testing/requestLog.js";

describe("the log of model requests", () => {
  it("drops the oldest requests beyond its limit and counts all", () => {
    const log = new RequestLog<{ readonly body: string }>(2);
    for (const body of ["a", "b", "c"]) log.add({ body });

    expect(log.requests).toEqual([{ body: "b" }, { body: "c" }]);
    expect(log.count).toBe(3);
  });

  it("drops the oldest requests when their bodies are large, but never the newest", () => {
    const log = new RequestLog<{ readonly body: string }>(100);
    const large = "x".repeat(40 * 1024 * 1024);
    log.add({ body: large });
    log.add({ body: "small" });
    log.add({ body: large });
    expect(log.requests.map(({ body }) => body.length)).toEqual([5, large.length]);

    log.add({ body: large + large });
    expect(log.requests).toHaveLength(1);
  });

  it("resolves a caller that waits for a count which is reached after requests were dropped", async () => {
    const log = new RequestLog<{ readonly body: string }>(1);
    const waiting = log.wait(3, undefined);
    for (const body of ["a", "b", "c"]) log.add({ body });

    expect(await waiting).toEqual([{ body: "c" }]);
  });
});
