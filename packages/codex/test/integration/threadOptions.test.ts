import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { message } from "../../src/testing/index.js";
import { isSearchOffered } from "../support/modelRequests.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { startRecordedHarness } from "../support/recordedHarness.js";

/** Starts a harness whose model always replies. */
async function startReplying() {
  const harness = await startRecordedHarness();
  harness.model.respond(() => [message("ok")]);
  return harness;
}

describe("networkAccess and additionalDirectories", () => {
  it("of a new thread let a command write there, beside the roots of the configuration", async () => {
    await using outside = await makeOutsideFolder();
    await using configured = await makeOutsideFolder();
    const config = { sandbox_workspace_write: { writable_roots: [configured.folder] } };
    await using harness = await startRecordedHarness({ config });

    const thread = await harness.codex.startThread({
      sandbox: "workspace-write",
      approvalMode: "deny_all",
      networkAccess: true,
      additionalDirectories: [outside.folder],
    });

    expect(await canWrite(harness.model, thread, join(outside.folder, "file"))).toBe(true);
    expect(await canWrite(harness.model, thread, join(configured.folder, "file"))).toBe(true);
    expect(thread.settings?.sandboxPolicy).toMatchObject({ networkAccess: true });
  });

  it("of a turn stay for later turns", async () => {
    await using outside = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const file = join(outside.folder, "file");
    const options = { sandbox: "workspace-write", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    expect(await canWrite(harness.model, thread, file)).toBe(false);

    harness.model.reply("ok");
    await thread.run("one", { additionalDirectories: [outside.folder] });

    expect(await canWrite(harness.model, thread, file)).toBe(true);
  });

  it("of a turn that waits in the queue are added to what the turn before it has set", async () => {
    await using harness = await startReplying();
    const first = join(harness.codexHome, "first");
    const second = join(harness.codexHome, "second");
    await Promise.all([mkdir(first), mkdir(second)]);
    const thread = await harness.codex.startThread({ sandbox: "read-only" });

    await Promise.all([
      thread.run("one", { sandbox: "workspace-write", additionalDirectories: [first] }),
      thread.run("two", { additionalDirectories: [second], whenBusy: "queue" }),
      thread.run("three", { networkAccess: true, whenBusy: "queue" }),
    ]);

    expect(thread.settings?.sandboxPolicy).toMatchObject({
      type: "workspaceWrite",
      writableRoots: [first, second],
      networkAccess: true,
    });
  });

  it("are inherited by a fork and extended by its options", async () => {
    await using outside = await makeOutsideFolder();
    await using second = await makeOutsideFolder();
    await using harness = await startRecordedHarness();
    const source = await harness.codex.startThread({
      sandbox: "workspace-write",
      approvalMode: "deny_all",
      additionalDirectories: [outside.folder],
    });
    harness.model.reply("ok");
    await source.run("one");

    const fork = await source.fork({ additionalDirectories: [second.folder] });

    expect(await canWrite(harness.model, fork, join(outside.folder, "file"))).toBe(true);
    expect(await canWrite(harness.model, fork, join(second.folder, "file"))).toBe(true);
  });

  it("may name the workspace and folders in it, which the sandbox has already", async () => {
    await using harness = await startReplying();
    const inner = join(harness.workspace, "inner");
    await mkdir(inner);

    const thread = await harness.codex.startThread({
      sandbox: "workspace-write",
      additionalDirectories: [harness.workspace, "inner", inner],
    });

    expect(thread.settings?.sandbox).toBe("workspace-write");
  });

  it("that the sandbox of the thread cannot have reject, and nothing is changed", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread({ sandbox: "read-only" });

    const running = thread.run("one", { additionalDirectories: [harness.codexHome] });

    await expect(running).rejects.toMatchObject({
      code: "SETTINGS_NOT_APPLIED",
      option: "additionalDirectories",
    });
    expect(harness.sent("turn/start")).toEqual([]);
  });
});

describe("a sandbox preset on a turn", () => {
  it("keeps the roots and the network access of the configuration", async () => {
    await using outside = await makeOutsideFolder();
    const config = {
      sandbox_workspace_write: { writable_roots: [outside.folder], network_access: true },
    };
    await using harness = await startRecordedHarness({ config });
    const options = { sandbox: "read-only", approvalMode: "deny_all" } as const;
    const thread = await harness.codex.startThread(options);
    harness.model.reply("ok");

    await thread.run("one", { sandbox: "workspace-write" });

    expect(await canWrite(harness.model, thread, join(outside.folder, "file"))).toBe(true);
    expect(thread.settings?.sandboxPolicy).toMatchObject({ networkAccess: true });
  });
});

describe("webSearch", () => {
  it.each([
    ["live", true],
    ["disabled", false],
  ] as const)(
    "%s decides whether the model is offered the search",
    async (webSearch, isOffered) => {
      await using harness = await startReplying();

      const thread = await harness.codex.startThread({ webSearch });
      await thread.run("one");

      expect(isSearchOffered(harness.model, 0)).toBe(isOffered);
    },
  );
});

describe("options that cannot work", () => {
  it("are refused by start, resume, fork and turns, and nothing is sent", async () => {
    await using harness = await startReplying();
    const { codex, workspace } = harness;
    const file = join(workspace, "file");
    await writeFile(file, "");
    const thread = await codex.startThread();
    await thread.run("one");
    const sentBefore = harness.recording().length;
    const both = { sandbox: "read-only", permissions: ":workspace" } as const;
    const bad = (options: object) => options as never;

    const calls = [
      () => codex.startThread(both),
      () => codex.resumeThread(thread.id, both),
      () => codex.forkThread(thread.id, both),
      () => thread.run("x", both),
      () => codex.startThread({ cwd: file }),
      () => codex.resumeThread(thread.id, { cwd: "no-such-folder" }),
      () => codex.forkThread(thread.id, { cwd: "no-such-folder" }),
      () => thread.turn("x", { cwd: file }),
      () => codex.resumeThread(thread.id, bad({ developerInstructions: "x" })),
      () => codex.forkThread(thread.id, bad({ developerInstructions: "x" })),
      () => codex.resumeThread(thread.id, { webSearch: "live" }),
      () => codex.resumeThread(thread.id, { baseInstructions: "x" }),
      () => codex.resumeThread(thread.id, { config: { model_verbosity: "low" } }),
      () => codex.startThread({ effort: "low", config: { model_reasoning_effort: "high" } }),
      () => codex.startThread(bad({ webSearch: "on" })),
      () => codex.startThread(bad({ networkAccess: "yes" })),
      () => codex.startThread(bad({ additionalDirectories: "." })),
      () => codex.startThread({ additionalDirectories: ["no-such-folder"] }),
      () => codex.startThread(bad({ effort: "" })),
    ];
    const refusals = await Promise.all(
      calls.map((call) =>
        call().then(String, (error: unknown) => Reflect.get(Object(error), "code")),
      ),
    );

    expect(refusals).toEqual(calls.map(() => "INVALID_OPTION"));
    const fromClient = harness.recording().slice(sentBefore);
    expect(fromClient.filter(({ from }) => from === "client")).toEqual([]);
  });

  it("of a resume are accepted when the thread is not open", async () => {
    await using harness = await startRecordedHarness({ config: { thread_unload_delay_secs: 1 } });
    harness.model.respond(() => [message("ok")]);
    const thread = await harness.codex.startThread({ webSearch: "disabled" });
    await thread.run("one");
    await thread.unload();

    const resumed = await harness.codex.resumeThread(thread.id, { webSearch: "live" });
    await resumed.run("two");

    expect(isSearchOffered(harness.model, 1)).toBe(true);
  });

  it("do not include a cwd relative to the folder of the runtime, which is the thread's", async () => {
    await using harness = await startReplying();
    const cwd = join(harness.workspace, "inner");
    await mkdir(cwd);

    const thread = await harness.codex.startThread({ cwd: "inner" });

    expect(thread.settings?.cwd).toBe(cwd);
  });
});
