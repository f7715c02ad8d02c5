import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { requestAt } from "../support/modelRequests.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { secondClient } from "../support/secondClient.js";

describe("resuming a thread that the same runtime has loaded", () => {
  it("with a narrower sandbox puts that in force: a command cannot write any more", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const options = { sandbox: "danger-full-access", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(true);

    const resumed = await harness.codex.resumeThread(thread.id, { sandbox: "read-only" });

    expect(await canWrite(harness.model, resumed, file)).toBe(false);
    expect(harness.sent("thread/settings/update")).toEqual([
      { threadId: thread.id, sandboxPolicy: { type: "readOnly", networkAccess: false } },
    ]);
  });

  it("with a permission profile puts that in force: a command cannot write any more", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const options = { sandbox: "danger-full-access", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(true);

    const resumed = await harness.codex.resumeThread(thread.id, { permissions: ":read-only" });

    expect(await canWrite(harness.model, resumed, file)).toBe(false);
  });

  it("with workspace-write takes the roots of the configuration, as a new thread does", async () => {
    await using outside = await makeOutsideFolder();
    const config = { sandbox_workspace_write: { writable_roots: [outside.folder] } };
    await using harness = await startRecordedHarness({ config });
    const file = join(outside.folder, "file");
    const options = { sandbox: "read-only", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(false);

    const resumed = await harness.codex.resumeThread(thread.id, { sandbox: "workspace-write" });

    expect(await canWrite(harness.model, resumed, file)).toBe(true);
  });

  it("with another model, effort, approval mode and cwd puts all of them in force", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    await thread.run("one");
    const cwd = join(harness.codexHome, "place");
    await mkdir(cwd);

    const resumed = await harness.codex.resumeThread(thread.id, {
      model: "another-model",
      config: { model_reasoning_effort: "low" },
      approvalMode: "deny_all",
      cwd,
    });
    await resumed.run("two");

    const request = requestAt(harness.model, 1);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
    const reported = await harness.codex.client.request("thread/resume", {
      threadId: thread.id,
      excludeTurns: true,
    });
    expect(reported).toMatchObject({ approvalPolicy: "never", cwd });
  });

  it("sends nothing but the resume when the thread has what was asked for", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread({ sandbox: "read-only" });
    await thread.run("one");

    await harness.codex.resumeThread(thread.id, { sandbox: "read-only" });

    expect(harness.sent("thread/resume")).toHaveLength(1);
    expect(harness.sent("thread/settings/update")).toEqual([]);
  });

  it("rejects with the difference when the runtime cannot change the setting", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread();
    await thread.run("one");

    const resuming = harness.codex.resumeThread(thread.id, { modelProvider: "openai" });

    await expect(resuming).rejects.toMatchObject({
      name: "SettingsNotAppliedError",
      code: "SETTINGS_NOT_APPLIED",
      threadId: thread.id,
      option: "modelProvider",
      asked: "openai",
    });
  });
});

describe("resuming a thread in another process", () => {
  it.each([
    ["danger-full-access", "read-only"],
    ["danger-full-access", "workspace-write"],
    ["read-only", "danger-full-access"],
    ["workspace-write", "danger-full-access"],
  ] as const)("that has %s with %s puts that in force", async (before, sandbox) => {
    await using outside = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const options = { sandbox: before, approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(before === "danger-full-access");
    await harness.codex.close();

    await using other = secondClient(harness);
    const resumed = await other.resumeThread(thread.id, { sandbox });

    expect(resumed.settings?.sandbox).toBe(sandbox);
    expect(await canWrite(harness.model, resumed, file)).toBe(sandbox === "danger-full-access");
  });
});

describe("a fork", () => {
  it("has the source's workspace-write sandbox with its roots and network access, and can write there", async () => {
    await using outside = await makeOutsideFolder();
    const config = {
      sandbox_workspace_write: { writable_roots: [outside.folder], network_access: true },
    };
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const source = await harness.codex.startThread({
      config,
      sandbox: "workspace-write",
      approvalMode: "deny_all",
    });
    expect(await canWrite(harness.model, source, file)).toBe(true);

    const forked = await harness.codex.forkThread(source.id);

    expect(await canWrite(harness.model, forked, file)).toBe(true);
    expect(harness.sent("thread/settings/update")).toMatchObject([
      {
        threadId: forked.id,
        sandboxPolicy: {
          type: "workspaceWrite",
          writableRoots: [outside.folder],
          networkAccess: true,
        },
      },
    ]);
  });

  it("of a thread with workspace-write cannot write outside, where the configuration allows it", async () => {
    await using outside = await makeOutsideFolder();
    const config = { sandbox_mode: "danger-full-access" };
    await using harness = await startRecordedHarness({ config });
    const file = join(outside.folder, "file");
    const source = await harness.codex.startThread({
      sandbox: "workspace-write",
      approvalMode: "deny_all",
    });
    expect(await canWrite(harness.model, source, file)).toBe(false);

    const forked = await harness.codex.forkThread(source.id);

    expect(await canWrite(harness.model, forked, file)).toBe(false);
  });

  it("has the model, effort, summary and service tier that a turn of its source has set", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const source = await harness.codex.startThread();
    await source.run("one", {
      model: "another-model",
      effort: "low",
      summary: "detailed",
      serviceTier: "flex",
    });

    const forked = await harness.codex.forkThread(source.id);
    await forked.run("two");

    const request = requestAt(harness.model, 1);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
    expect(harness.sent("thread/settings/update")).toMatchObject([
      { threadId: forked.id, model: "another-model", effort: "low", summary: "detailed" },
    ]);
    expect([forked.settings?.serviceTier, source.settings?.serviceTier]).toEqual(["flex", "flex"]);
  });

  it("has the settings that were asked for in place of its source's", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const source = await harness.codex.startThread({ sandbox: "workspace-write" });
    await source.run("one", { model: "another-model", effort: "low" });

    const forked = await harness.codex.forkThread(source.id, {
      model: "third-model",
      sandbox: "read-only",
    });
    await forked.run("two");

    expect(requestAt(harness.model, 1).modelName()).toBe("third-model");
    const { sandbox } = await harness.codex.client.request("thread/resume", {
      threadId: forked.id,
      excludeTurns: true,
    });
    expect(sandbox.type).toBe("readOnly");
  });

  it("that is ephemeral has the settings of its source", async () => {
    await using harness = await startRecordedHarness();
    harness.model.respond(() => [message("ok")]);
    const source = await harness.codex.startThread();
    await source.run("one", { model: "another-model", effort: "low" });

    const forked = await harness.codex.forkThread(source.id, { ephemeral: true });
    await forked.run("two");

    const request = requestAt(harness.model, 1);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
  });
});
