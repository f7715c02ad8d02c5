import { describe, expect, it } from "vitest";

import { EVENT_MEANINGS, ITEM_MEANINGS } from "../src/eventMeanings.js";
import { fieldsOf, serverNotifications, threadItems } from "../src/protocolTypes.js";
import { readExamples } from "../src/transcripts.js";

describe("the reference of the protocol", () => {
  it("has every notification of the runtime, with the members of its parameters", async () => {
    const methods = await serverNotifications();
    expect(methods.length).toBeGreaterThan(80);
    expect(methods).toContainEqual({
      name: "item/agentMessage/delta",
      params: "AgentMessageDeltaNotification",
    });
    const fields = await fieldsOf("AgentMessageDeltaNotification");
    expect(fields.map(({ name, type }) => [name, type])).toEqual([
      ["threadId", "string"],
      ["turnId", "string"],
      ["itemId", "string"],
      ["delta", "string"],
    ]);
  });

  it("has every item of a thread, with the comments of its members", async () => {
    const items = await threadItems();
    const command = items.get("commandExecution") ?? [];
    expect(command).toContainEqual(
      expect.objectContaining({ name: "exitCode", comment: "The command's exit code." }),
    );
  });

  it("explains nothing that the protocol does not have", async () => {
    const methods = new Set((await serverNotifications()).map(({ name }) => name));
    const items = await threadItems();
    expect([...EVENT_MEANINGS.keys()].filter((name) => !methods.has(name))).toEqual([]);
    expect([...ITEM_MEANINGS.keys()].filter((type) => !items.has(type))).toEqual([]);
  });

  it("has examples from the recorded transcripts", async () => {
    const { notifications, items } = await readExamples();
    expect(notifications.get("turn/completed")).toMatchObject({ turn: { id: expect.any(String) } });
    expect(items.get("commandExecution")).toMatchObject({ status: "completed" });
  });
});
