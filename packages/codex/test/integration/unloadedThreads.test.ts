import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type Thread, tool } from "../../src/index.js";
import { escalatedCall } from "../support/approvalScripts.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { type Harness, startHarness } from "../support/testingKit.js";

/** A configuration that allows more than the threads of these tests do. */
const config = { sandbox_mode: "danger-full-access", thread_unload_delay_secs: 1 };

const LEAVES: Readonly<Record<string, (thread: Thread) => Promise<unknown>>> = {
  "was unloaded": (thread) => thread.unload(),
  "was archived and brought back": async (thread) => {
    await thread.archive();
    await thread.unarchive();
  },
};

/** Starts a thread that may write in its folder only, and shows that it does not write outside. */
async function startConfined(
  { codex, model }: Harness,
  outside: { readonly folder: string },
): Promise<Thread> {
  const thread = await codex.startThread({ sandbox: "workspace-write", approvalMode: "deny_all" });
  expect(await canWrite(model, thread, join(outside.folder, "file"))).toBe(false);
  return thread;
}

describe.each(Object.entries(LEAVES))("a thread that %s", (_how, leave) => {
  it("has its sandbox, roots and network access again in its next turn", async () => {
    await using outside = await makeOutsideFolder();
    await using root = await makeOutsideFolder();
    await using harness = await startHarness({ config });
    const { model, codex } = harness;
    const thread = await codex.startThread({
      sandbox: "workspace-write",
      approvalMode: "deny_all",
      networkAccess: true,
      additionalDirectories: [root.folder],
    });
    expect(await canWrite(model, thread, join(outside.folder, "file"))).toBe(false);
    const before = thread.settings;

    await leave(thread);

    expect(await canWrite(model, thread, join(outside.folder, "file"))).toBe(false);
    expect(await canWrite(model, thread, join(root.folder, "file"))).toBe(true);
    expect(thread.settings?.sandboxPolicy).toEqual(before?.sandboxPolicy);
  });

  it("passes its sandbox on to a fork", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness({ config });
    const { model } = harness;
    const thread = await startConfined(harness, outside);
    await leave(thread);

    const fork = await thread.fork();

    expect(await canWrite(model, fork, join(outside.folder, "file"))).toBe(false);
  });

  it("has the sandbox that a resume asks for in place of its own", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startHarness({ config });
    const { model, codex } = harness;
    const thread = await startConfined(harness, outside);
    await leave(thread);

    const resumed = await codex.resumeThread(thread.id, { sandbox: "danger-full-access" });

    expect(await canWrite(model, resumed, join(outside.folder, "file"))).toBe(true);
  });
});

describe("a thread that was unloaded", () => {
  it("asks its own approval handler and calls its own tools again", async () => {
    await using harness = await startHarness({ config: { thread_unload_delay_secs: 1 } });
    const { model, codex } = harness;
    const asked: unknown[] = [];
    const thread = await codex.startThread({
      onApproval: ({ kind }) => {
        asked.push(kind);
        return "decline";
      },
      tools: [
        tool({
          name: "look",
          description: "Looks.",
          inputSchema: { type: "object", properties: {} },
          execute: () => "seen",
        }),
      ],
    });
    model.reply("ok");
    await thread.run("one");

    await thread.unload();
    model.enqueue(escalatedCall("true")).reply("ok");
    await thread.run("two");
    model.callFunction("look", {}).reply("ok");
    const { items } = await thread.run("three");

    expect(asked).toEqual(["command"]);
    expect(items.find(({ type }) => type === "dynamicToolCall")).toMatchObject({ success: true });
  });
});
