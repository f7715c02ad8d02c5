import { existsSync, readdirSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { CodexError, SettingsNotAppliedError, type ThreadBundle } from "../../src/index.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { type Harness, message, startHarness } from "../../src/testing/index.js";
import { canWrite, makeOutsideFolder } from "../support/outsideFolder.js";
import { rejectionOf } from "../support/rejection.js";
import { secondClient } from "../support/secondClient.js";

/** A home in which a thread that brings no sandbox may do everything. */
const OPEN_HOME = { config: { sandbox_mode: "danger-full-access" } };

async function startReplying(): Promise<Harness> {
  const harness = await startHarness(OPEN_HOME);
  harness.model.respond(() => [message("ok")]);
  return harness;
}

/** The bundle as another process gets it. */
function carried(bundle: ThreadBundle): ThreadBundle {
  return JSON.parse(JSON.stringify(bundle)) as ThreadBundle;
}

function sessionsOf({ codexHome }: Harness): readonly string[] {
  const folder = join(codexHome, "sessions");
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("a carried thread", () => {
  it("has its history, its sandbox, its model, its name and its goal in another home", async () => {
    await using first = await startReplying();
    await using outside = await makeOutsideFolder();
    const thread = await first.codex.startThread({
      sandbox: "workspace-write",
      additionalDirectories: [outside.folder],
      networkAccess: true,
      effort: "high",
      approvalMode: "deny_all",
    });
    await thread.run("one");
    await thread.setName("carried");
    const goal = { objective: "Finish.", status: "paused", tokenBudget: 1000 } as const;
    await first.codex.client.request("thread/goal/set", { threadId: thread.id, ...goal });
    const before = await thread.listItems({ limit: 100 });
    const bundle = carried(await first.codex.exportThread(thread.id));
    await first.close();

    await using second = await startHarness(OPEN_HOME);
    await using forbidden = await makeOutsideFolder();
    const there = await second.codex.importThread(bundle, { cwd: second.workspace });

    expect(there.id).toBe(thread.id);
    expect(await there.listItems({ limit: 100 })).toEqual(before);
    expect(there.settings).toMatchObject({
      sandbox: "workspace-write",
      sandboxPolicy: { writableRoots: [outside.folder], networkAccess: true },
      effort: "high",
      approvalMode: "deny_all",
      cwd: second.workspace,
    });
    expect((await there.read()).thread.name).toBe("carried");
    expect(await there.goal()).toMatchObject(goal);
    expect(await canWrite(second.model, there, join(forbidden.folder, "file"))).toBe(false);
    expect(await canWrite(second.model, there, join(outside.folder, "file"))).toBe(true);
    expect(await canWrite(second.model, there, join(second.workspace, "file"))).toBe(true);
  });

  it("keeps its permission profile", async () => {
    await using first = await startReplying();
    const thread = await first.codex.startThread({ permissions: ":workspace" });
    await thread.run("one");
    const bundle = carried(await first.codex.exportThread(thread.id));
    await using second = await startReplying();

    const there = await second.codex.importThread(bundle, { cwd: second.workspace });

    expect(there.settings).toMatchObject({
      permissions: ":workspace",
      sandbox: "workspace-write",
    });
  });

  it("has the sandbox of its last turn when the client that exports has not opened it", async () => {
    await using first = await startReplying();
    const thread = await first.codex.startThread({ sandbox: "workspace-write" });
    await thread.run("one");
    await first.codex.close();
    await using codex = secondClient(first);
    const bundle = carried(await codex.exportThread(thread.id));
    await using second = await startReplying();

    const there = await second.codex.importThread(bundle, { cwd: second.workspace });

    expect(there.settings?.sandbox).toBe("workspace-write");
  });

  it("brings its sub-agents, also through a second home", async () => {
    await using first = await startReplying();
    const worked = createDeferred<void>();
    first.model.respond((request) => {
      if (!request.userTexts().includes("Spawn one.")) {
        worked.resolve();
        return [message("Worked.")];
      }
      if (request.inputItems().at(-1)?.["type"] === "function_call_output") return [message("ok")];
      const args = JSON.stringify({ message: "Work.", task_name: "work", fork_turns: "none" });
      const [name, namespace] = ["spawn_agent", "multi_agent_v1"];
      return [{ kind: "functionCall", name, arguments: args, namespace }];
    });
    const thread = await first.codex.startThread();
    await thread.run("Spawn one.");
    await worked.promise;
    const [agent] = carried(await first.codex.exportThread(thread.id)).manifest.files;
    await using second = await startReplying();
    const bundle = carried(await first.codex.exportThread(thread.id));
    await second.codex.importThread(bundle, { cwd: second.workspace });
    await using third = await startReplying();

    const again = carried(await second.codex.exportThread(thread.id));
    await third.codex.importThread(again, { cwd: third.workspace });

    const stored = await third.codex.thread(agent?.threadId ?? "").read();
    expect(stored.thread.parentThreadId).toBe(thread.id);
  });

  it("that is a fork brings the part of the history that it builds on", async () => {
    await using first = await startReplying();
    const source = await first.codex.startThread();
    await source.run("in the source");
    const fork = await source.fork();
    await fork.run("in the fork");
    await source.run("after the fork");
    const before = await fork.listItems({ limit: 100 });
    const bundle = carried(await first.codex.exportThread(fork.id));
    await using second = await startReplying();

    const there = await second.codex.importThread(bundle, { cwd: second.workspace });

    expect(await there.listItems({ limit: 100 })).toEqual(before);
    expect(JSON.stringify(bundle)).not.toContain("after the fork");
  });
});

describe("exporting", () => {
  it("a thread with a turn that runs rejects with THREAD_BUSY", async () => {
    await using harness = await startReplying();
    const gate = harness.model.gate();
    harness.model.respond(() => [gate, message("ok")]);
    const thread = await harness.codex.startThread();
    const turn = await thread.turn("one");

    const error = await rejectionOf(harness.codex.exportThread(thread.id));

    expect(error).toMatchObject({ code: "THREAD_BUSY", activeTurnId: turn.id });
    gate.open();
    await turn.result;
    expect((await harness.codex.exportThread(thread.id)).manifest.threadId).toBe(thread.id);
  });

  it("a thread without a whole rollout of its own rejects with THREAD_NOT_PORTABLE", async () => {
    await using harness = await startReplying();
    const { codex } = harness;
    const ephemeral = await codex.startThread({ ephemeral: true });
    const unused = await codex.startThread();
    const [cut, foreign] = [await codex.startThread(), await codex.startThread()];
    await cut.run("one");
    await foreign.run("one");
    const pathOf = async (threadId: string) =>
      (await codex.thread(threadId).read()).thread.path ?? "";
    const other = await readFile(await pathOf(cut.id));
    await writeFile(await pathOf(foreign.id), other);
    await appendFile(await pathOf(cut.id), '{"type":');

    const ids = [ephemeral, unused, cut, foreign].map(({ id }) => id);
    const errors = await Promise.all(ids.map((id) => rejectionOf(codex.exportThread(id))));

    expect(errors).toMatchObject(
      ids.map((threadId) => ({ code: "THREAD_NOT_PORTABLE", threadId })),
    );
    expect(String(errors[2])).toContain("is truncated");
    expect(String(errors[3])).toContain(foreign.id);
  });
});

describe("importing", () => {
  it("into a home that has the same thread accepts it, and refuses another version", async () => {
    await using first = await startReplying();
    const thread = await first.codex.startThread({ sandbox: "workspace-write" });
    await thread.run("one");
    const bundle = carried(await first.codex.exportThread(thread.id));
    await first.codex.close();
    await using codex = secondClient(first, { config: OPEN_HOME.config });

    const there = await codex.importThread(bundle);
    await there.run("two");
    const error = await rejectionOf(codex.importThread(bundle));

    expect(there.settings?.sandbox).toBe("workspace-write");
    expect(error).toMatchObject({ code: "THREAD_CONFLICT", threadId: thread.id });
    expect((await there.listTurns()).data).toHaveLength(2);
  });

  it("leaves nothing behind when a setting cannot be restored, or the caller leaves", async () => {
    await using first = await startReplying();
    const thread = await first.codex.startThread();
    await thread.run("one");
    const bundle = carried(await first.codex.exportThread(thread.id));
    const settings = { ...bundle.manifest.settings, modelProvider: "openai" };
    const other = { ...bundle, manifest: { ...bundle.manifest, settings } };
    await using second = await startReplying();
    const options = { cwd: second.workspace };
    const leaving = new AbortController();

    const refused = await rejectionOf(second.codex.importThread(other, options));
    const importing = second.codex.importThread(bundle, { ...options, signal: leaving.signal });
    leaving.abort(new Error("left"));
    const left = await rejectionOf(importing);

    expect(refused).toBeInstanceOf(SettingsNotAppliedError);
    expect(left).toMatchObject({ message: "left" });
    expect(sessionsOf(second)).toEqual([]);
    expect(await rejectionOf(second.codex.resumeThread(thread.id))).toBeInstanceOf(CodexError);
    await second.codex.importThread(bundle, options);
    expect(sessionsOf(second)).toHaveLength(1);
  });
});
