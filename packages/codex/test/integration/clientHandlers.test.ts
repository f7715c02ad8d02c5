import { describe, expect, it } from "vitest";

import { Codex, tool } from "../../src/index.js";
import { functionCall, message } from "../../src/testing/index.js";
import { escalatedCall } from "../support/approvalScripts.js";
import { requestAt } from "../support/modelRequests.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

describe("the handlers of new Codex()", () => {
  const lookUp = tool({
    name: "look_up",
    description: "Looks up a word.",
    inputSchema: { type: "object", properties: {} },
    execute: () => "found it",
  });

  it("onApproval decides for a thread that does not bring its own", async () => {
    const asked: string[] = [];
    const onApproval = ({ kind }: { readonly kind: string }) => {
      asked.push(kind);
      return "decline" as const;
    };
    await using harness = await startRecordedHarness({ codex: { onApproval } });
    const call = escalatedCall("echo x");
    harness.model.enqueue(call).reply("one").enqueue(call).reply("two");

    const thread = await harness.codex.startThread();
    await thread.run("Run it.");
    const own = await harness.codex.startThread({
      onApproval: () => {
        asked.push("own");
        return "decline";
      },
    });
    await own.run("Run it.");

    expect(asked).toEqual(["command", "own"]);
  });

  it("onApproval does not take the place of a thread's approval mode", async () => {
    await using harness = await startRecordedHarness({ codex: { onApproval: () => "accept" } });

    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });

    expect(thread.settings?.approvalMode).toBe("deny_all");
  });

  it("onApproval decides for a thread that this client resumes", async () => {
    await using harness = await startRecordedHarness();
    harness.model.reply("ok");
    const source = await harness.codex.startThread({ onApproval: () => "decline" });
    await source.run("one");
    await harness.codex.close();
    const asked: string[] = [];

    await using other = new Codex({
      env: { CODEX_HOME: harness.codexHome },
      onApproval: ({ kind }) => {
        asked.push(kind);
        return "decline";
      },
    });
    harness.model.enqueue(escalatedCall("echo x"));
    harness.model.reply("done");
    await other.thread(source.id).run("Run it.");

    expect(asked).toEqual(["command"]);
  });

  it("tools are offered by each new thread, and are called", async () => {
    await using harness = await startRecordedHarness({ codex: { tools: [lookUp] } });
    harness.model.enqueue(functionCall("look_up", {})).reply("done");

    const thread = await harness.codex.startThread();
    await thread.run("Look it up.");

    expect(requestAt(harness.model, 1).body).toContain("found it");
  });

  it("a thread with its own tools, or with none, does not have those of the client", async () => {
    await using harness = await startRecordedHarness({ codex: { tools: [lookUp] } });
    harness.model.respond(() => [message("ok")]);

    await (await harness.codex.startThread({ tools: [] })).run("one");

    expect(requestAt(harness.model, 0).body).not.toContain("look_up");
  });

  it("tools that a thread does not have are refused by its resume and its fork", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    await thread.run("one");

    const refused = { code: "INVALID_OPTION", option: "tools" };
    const tools = [lookUp];
    await expect(harness.codex.resumeThread(thread.id, { tools })).rejects.toMatchObject(refused);
    await expect(thread.fork({ tools })).rejects.toMatchObject(refused);
    expect(harness.sent("thread/fork")).toEqual([]);
  });

  it("of the wrong kind are refused before anything is started", () => {
    expect(() => new Codex({ onApproval: "yes" as never })).toThrow(/^onApproval: /u);
    expect(() => new Codex({ tools: [{}] as never })).toThrow(/^tools: /u);
    expect(() => new Codex({ tools: [lookUp], experimentalApi: false })).toThrow(/^tools: /u);
  });
});
