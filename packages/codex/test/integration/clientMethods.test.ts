import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { mockAccount } from "../support/mockAccount.js";
import { startRecordedHarness } from "../support/recordedHarness.js";
import { message, startHarness } from "../support/testingKit.js";

describe("the methods of a client that do not belong to a thread", () => {
  it("skills lists the skills of a folder", async () => {
    await using harness = await startHarness();
    const folder = join(harness.workspace, ".codex", "skills", "greet");
    await mkdir(folder, { recursive: true });
    const skill = "---\nname: greet\ndescription: Greets people.\n---\nSay hello.\n";
    await writeFile(join(folder, "SKILL.md"), skill);

    const { data } = await harness.codex.skills({ cwd: harness.workspace, forceReload: true });

    expect(data.map(({ cwd }) => cwd)).toEqual([harness.workspace]);
    expect(data.flatMap(({ skills }) => skills.map(({ name }) => name))).toContain("greet");
  });

  it("config reads the effective configuration", async () => {
    await using harness = await startHarness({ config: { model_verbosity: "low" } });

    const { config, layers } = await harness.codex.config({
      cwd: harness.workspace,
      includeLayers: true,
    });

    expect(config).toMatchObject({ model: "mock-model", model_verbosity: "low" });
    expect(layers?.length).toBeGreaterThan(0);
  });

  it("mcpServers lists the servers, and reloadMcpServers reads their configuration again", async () => {
    const server = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] };
    const config = { mcp_servers: { first: { ...server, startup_timeout_sec: 1 } } };
    await using harness = await startHarness({ config });

    const { data } = await harness.codex.mcpServers();
    await harness.codex.reloadMcpServers();

    expect(data.map(({ name }) => name)).toEqual(["first"]);
  });

  it("searchThreads finds a thread by the text of its turns", async () => {
    await using harness = await startHarness();
    harness.model.respond(() => [message("ok")]);
    const wanted = await harness.codex.startThread();
    await wanted.run("Where does the platypus live?");
    await (await harness.codex.startThread()).run("Something else.");

    const { data } = await harness.codex.searchThreads("platypus", { limit: 5 });

    expect(data.map(({ thread }) => thread.id)).toEqual([wanted.id]);
    expect(data[0]?.snippet).toContain("platypus");
  });

  it("rateLimits and usage need a login with ChatGPT", async () => {
    await using harness = await startHarness();

    await expect(harness.codex.rateLimits()).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(harness.codex.usage()).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

describe("an aborted or timed-out request", () => {
  it("rejects with the signal's reason before anything is sent", async () => {
    await using harness = await startRecordedHarness();
    const { codex } = harness;
    harness.model.respond(() => [message("ok")]);
    const thread = await codex.startThread();
    await thread.run("one");
    const reason = new Error("left");
    const options = { signal: AbortSignal.abort(reason) };
    const tokens = { accessToken: "token", chatgptAccountId: mockAccount.accountId };
    const sentBefore = harness.recording().length;

    const calls: readonly (() => Promise<unknown>)[] = [
      () => codex.startThread(options),
      () => codex.resumeThread(thread.id, options),
      () => codex.forkThread(thread.id, options),
      () => codex.listThreads(options),
      () => codex.iterateThreads(options).next(),
      () => codex.searchThreads("x", options),
      () => codex.archiveThread(thread.id, options),
      () => codex.unarchiveThread(thread.id, options),
      () => codex.deleteThread(thread.id, options),
      () => codex.models(options),
      () => codex.skills(options),
      () => codex.mcpServers(options),
      () => codex.reloadMcpServers(options),
      () => codex.config(options),
      () => codex.rateLimits(options),
      () => codex.usage(options),
      () => codex.account(options),
      () => codex.runCommand(["true"], options),
      () => codex.loginApiKey("sk-test", options),
      () => codex.loginChatgpt(options),
      () => codex.loginChatgptDeviceCode(options),
      () => codex.loginWithTokens({ ...options, tokens }),
      () => codex.logout(options),
      () => codex.review(thread.id, { ...options, target: { type: "uncommittedChanges" } }),
      () => thread.read(options),
      () => thread.listTurns(options),
      () => thread.listItems(options),
      () => thread.iterateTurns(options).next(),
      () => thread.iterateItems(options).next(),
      () => thread.inject([{ type: "message", role: "user", content: [] }], options),
      () => thread.revert("turn", options),
      () => thread.setName("x", options),
      () => thread.updateSettings({ ...options, model: "x" }),
      () => thread.archive(options),
      () => thread.unarchive(options),
      () => thread.unload(options),
      () => thread.delete(options),
      () => thread.fork(options),
      () => thread.run("x", options),
      () => thread.compact(options),
      () => thread.goal(options),
      () => thread.pauseGoal(options),
      () => thread.clearGoal(options),
      () => thread.startGoal("x", options),
    ];
    const outcomes = await Promise.all(
      calls.map((call) => call().then(String, (error: unknown) => error)),
    );

    expect(outcomes.map((outcome) => outcome === reason)).toEqual(calls.map(() => true));
    const fromClient = harness.recording().slice(sentBefore);
    expect(fromClient.filter(({ from }) => from === "client")).toEqual([]);
  });
});
