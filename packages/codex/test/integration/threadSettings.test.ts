import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { requestAt } from "../support/modelRequests.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

/** Starts a harness whose model always replies. */
async function startReplying() {
  const harness = await startRecordedHarness();
  harness.model.respond(() => [message("ok")]);
  return harness;
}

describe("thread.settings", () => {
  it("has what the runtime reported for the start", async () => {
    await using harness = await startReplying();

    const thread = await harness.codex.startThread({
      sandbox: "workspace-write",
      approvalMode: "deny_all",
      effort: "low",
    });

    expect(thread.settings).toMatchObject({
      model: "mock-model",
      modelProvider: "mock",
      effort: "low",
      cwd: harness.workspace,
      sandbox: "workspace-write",
      sandboxPolicy: { type: "workspaceWrite", networkAccess: false },
      approvalMode: "deny_all",
    });
  });

  it("follows the settings that a turn has changed", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();

    await thread.run("one", { model: "another-model", effort: "high", sandbox: "read-only" });

    expect(thread.settings).toMatchObject({
      model: "another-model",
      effort: "high",
      sandbox: "read-only",
    });
  });

  it("is undefined for a thread that this client has not opened", async () => {
    await using harness = await startReplying();

    expect(harness.codex.thread("a-thread").settings).toBeUndefined();
  });

  it("shows a reviewer that no approval mode stands for as custom", async () => {
    await using harness = await startReplying();

    const thread = await harness.codex.startThread({ onApproval: () => "decline" });

    expect(thread.settings?.approvalMode).toBe("custom");
  });
});

describe("thread.updateSettings", () => {
  it("changes model and effort for the next turn, before the first turn, too", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();

    await thread.updateSettings({ model: "another-model", effort: "high", summary: "detailed" });
    await thread.run("one");

    const request = requestAt(harness.model, 0);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "high"]);
    expect(thread.settings).toMatchObject({ model: "another-model", summary: "detailed" });
  });

  it("with a narrower sandbox takes the right to write from the next command", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const options = { sandbox: "danger-full-access", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(true);

    await thread.updateSettings({ sandbox: "workspace-write" });

    expect(await canWrite(harness.model, thread, file)).toBe(false);
    expect(thread.settings?.sandbox).toBe("workspace-write");
    await thread.updateSettings({ sandbox: "danger-full-access" });
    // A turn that is started behind a change waits for it.
    const change = thread.updateSettings({ sandbox: "read-only" });
    expect(await canWrite(harness.model, thread, file)).toBe(false);
    await change;
  });

  it("to what the thread has already resolves, although the runtime reports no change", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread({ sandbox: "read-only" });

    await thread.updateSettings({ sandbox: "read-only", model: "mock-model" });
    await thread.updateSettings({ sandbox: "read-only" });

    expect(thread.settings?.sandbox).toBe("read-only");
  });

  it("keeps each of several changes that are made at the same time", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread({ sandbox: "workspace-write" });

    await Promise.all([
      thread.updateSettings({ networkAccess: true }),
      thread.updateSettings({ additionalDirectories: [harness.codexHome] }),
      thread.updateSettings({ effort: "low" }),
    ]);

    expect(thread.settings).toMatchObject({
      effort: "low",
      sandboxPolicy: { networkAccess: true, writableRoots: [harness.codexHome] },
    });
  });

  it("accepts a service tier that the runtime reports by another name", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();

    await thread.updateSettings({ serviceTier: "fast" });

    expect(thread.settings?.serviceTier).toBe("priority");
  });

  it("resumes a thread that is not open first", async () => {
    await using harness = await startReplying();
    const source = await harness.codex.startThread();
    await source.run("one");
    await harness.codex.client.request("thread/unsubscribe", { threadId: source.id });

    const thread = harness.codex.thread(source.id);
    await thread.updateSettings({ model: "another-model" });

    expect(harness.sent("thread/resume")).toHaveLength(1);
    expect(thread.settings?.model).toBe("another-model");
  });

  it("refuses settings that cannot work, and sends nothing", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();
    const calls: readonly (readonly [options: object, message: RegExp])[] = [
      [{ sandbox: "read-only", permissions: ":workspace" }, /^sandbox: cannot be combined/u],
      [{ networkAccess: true, permissions: ":workspace" }, /^networkAccess: cannot be combined/u],
      [
        { sandbox: "danger-full-access", networkAccess: false },
        /^networkAccess: false has no effect/u,
      ],
      [{ sandbox: "read-only", additionalDirectories: ["."] }, /^additionalDirectories: /u],
      [{ cwd: "no-such-folder" }, /^cwd: "no-such-folder" does not exist/u],
      [{ approvalMode: "never" }, /^approvalMode: /u],
      [{ model: 5 }, /^model: /u],
      [{}, /at least one setting/u],
    ];

    const refusals = await Promise.all(
      calls.map(([options]) => thread.updateSettings(options).catch((error: unknown) => error)),
    );

    expect(refusals).toEqual(
      calls.map(([, pattern]) =>
        expect.objectContaining({
          name: "InvalidOptionError",
          message: expect.stringMatching(pattern),
        }),
      ),
    );
    expect(harness.sent("thread/settings/update")).toEqual([]);
  });
});
