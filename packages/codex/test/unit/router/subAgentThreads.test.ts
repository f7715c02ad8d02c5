import { describe, expect, it } from "vitest";

import { Observers } from "../../../src/router/observers.js";
import { SubAgentThreads } from "../../../src/router/subAgentThreads.js";

/** Follows the notifications of turns that are started, and of threads that end. */
function follow() {
  const observers = new Observers();
  const subAgents = new SubAgentThreads();
  subAgents.observe(observers);
  const started = (threadId: string, id: string, rootTurnId = id) =>
    observers.notify({ method: "turn/started", params: { threadId, turn: { id, rootTurnId } } });
  const ended = (method: string, threadId: string) =>
    observers.notify({ method, params: { threadId } });
  return { subAgents, started, ended };
}

describe("the threads of sub-agents", () => {
  it("work for the thread in which their work began", () => {
    const { subAgents, started } = follow();
    started("main", "turn-1");
    started("sub", "turn-2", "turn-1");
    expect(subAgents.ownerOf("sub")).toBe("main");
    expect(subAgents.ownerOf("main")).toBeUndefined();
  });

  it.each(["thread/closed", "thread/deleted"])("are forgotten after %s", (method) => {
    const { subAgents, started, ended } = follow();
    started("main", "turn-1");
    started("sub", "turn-2", "turn-1");
    ended(method, "sub");
    expect(subAgents.ownerOf("sub")).toBeUndefined();
  });

  it("that were last seen long ago are forgotten, as the runtime announces no end of them", () => {
    const { subAgents, started } = follow();
    started("main", "turn-1");
    for (let index = 0; index < 2000; index += 1)
      started(`sub-${index}`, `child-${index}`, "turn-1");
    expect(subAgents.ownerOf("sub-0")).toBeUndefined();
    expect(subAgents.ownerOf("sub-1999")).toBe("main");
  });
});
