import { describe, expect, it } from "vitest";

import { ApprovalMode, type Codex, Sandbox, type Thread } from "../../src/index.js";
import { message } from "../../src/testing/index.js";
import { requestAt } from "../support/modelRequests.js";
import { type RecordedHarness, startRecordedHarness } from "../support/recordedHarness.js";

const AUTO_REVIEW = { approvalPolicy: "on-request", approvalsReviewer: "auto_review" };

async function startReplying(): Promise<RecordedHarness> {
  const harness = await startRecordedHarness();
  harness.model.respond(() => [message("ok")]);
  return harness;
}

/** The settings that the thread has now, as the runtime reports them. It must have had a turn. */
async function settingsOf(codex: Codex, { id }: Thread) {
  const { approvalPolicy, approvalsReviewer, sandbox } = await codex.client.request(
    "thread/resume",
    { threadId: id, excludeTurns: true },
  );
  return { approvalPolicy, approvalsReviewer, sandbox: sandbox.type };
}

describe("the approval mode", () => {
  it("of a new thread is auto_review", async () => {
    await using harness = await startReplying();

    const thread = await harness.codex.startThread();
    await thread.run("one");

    expect(harness.sent("thread/start")).toEqual([AUTO_REVIEW]);
    expect(await settingsOf(harness.codex, thread)).toMatchObject(AUTO_REVIEW);
  });

  it("deny_all sends a policy and no reviewer", async () => {
    await using harness = await startReplying();

    const thread = await harness.codex.startThread({ approvalMode: ApprovalMode.denyAll });
    await thread.run("one");

    expect(harness.sent("thread/start")).toEqual([{ approvalPolicy: "never" }]);
    expect(await settingsOf(harness.codex, thread)).toMatchObject({ approvalPolicy: "never" });
  });

  it("is inherited by a resume, by a fork, by run and by turn, which send none", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });

    await thread.run("one");
    const resumed = await harness.codex.resumeThread(thread.id);
    const forked = await harness.codex.forkThread(thread.id);
    await (await forked.turn("two")).run();

    const settings = [
      await settingsOf(harness.codex, resumed),
      await settingsOf(harness.codex, forked),
    ];
    expect(settings.map(({ approvalPolicy }) => approvalPolicy)).toEqual(["never", "never"]);
    const sent = [
      ...harness.sent("turn/start"),
      ...harness.sent("thread/resume").slice(0, 1),
      ...harness.sent("thread/fork"),
    ];
    expect(sent).toEqual([
      { threadId: thread.id, input: [{ type: "text", text: "one" }] },
      { threadId: forked.id, input: [{ type: "text", text: "two" }] },
      { threadId: thread.id, excludeTurns: true },
      { threadId: thread.id, excludeTurns: true },
    ]);
  });

  it("may be another one for a fork or a resume", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread({ approvalMode: "deny_all" });
    await thread.run("one");

    const forked = await harness.codex.forkThread(thread.id, { approvalMode: "auto_review" });

    expect(await settingsOf(harness.codex, forked)).toMatchObject(AUTO_REVIEW);
    expect(await settingsOf(harness.codex, thread)).toMatchObject({ approvalPolicy: "never" });
    expect(harness.sent("thread/fork")).toMatchObject([{ threadId: thread.id, ...AUTO_REVIEW }]);
    await harness.codex.resumeThread(thread.id, { approvalMode: "auto_review" });
    expect(harness.sent("thread/resume")).toContainEqual(
      expect.objectContaining({ threadId: thread.id, ...AUTO_REVIEW }),
    );
  });

  it("given to a turn stays for the later ones", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();

    await thread.run("one", { approvalMode: "deny_all" });
    expect(await settingsOf(harness.codex, thread)).toMatchObject({ approvalPolicy: "never" });
    await thread.run("two");
    expect(await settingsOf(harness.codex, thread)).toMatchObject({ approvalPolicy: "never" });
    await (await thread.turn("three", { approvalMode: "auto_review" })).run();

    expect(await settingsOf(harness.codex, thread)).toMatchObject(AUTO_REVIEW);
    expect(harness.sent("turn/start")).toMatchObject([
      { approvalPolicy: "never" },
      { input: [{ text: "two" }] },
      AUTO_REVIEW,
    ]);
  });
});

describe("the sandbox", () => {
  it.each([
    [Sandbox.readOnly, "readOnly", { type: "readOnly", networkAccess: false }],
    [
      Sandbox.workspaceWrite,
      "workspaceWrite",
      {
        type: "workspaceWrite",
        writableRoots: [],
        networkAccess: false,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      },
    ],
    [Sandbox.fullAccess, "dangerFullAccess", { type: "dangerFullAccess" }],
  ] as const)("%s is one word for threads and for turns", async (sandbox, type, policy) => {
    await using harness = await startReplying();
    const settings = async (thread: Thread) => (await settingsOf(harness.codex, thread)).sandbox;

    const started = await harness.codex.startThread({ sandbox });
    await started.run("zero");
    const other = await harness.codex.startThread();
    await other.run("one", { sandbox });
    await other.run("two");
    const forked = await harness.codex.forkThread(other.id, { sandbox });

    expect([await settings(started), await settings(other), await settings(forked)]).toEqual([
      type,
      type,
      type,
    ]);
    expect(harness.sent("thread/start")[0]).toEqual({ ...AUTO_REVIEW, sandbox });
    expect(harness.sent("turn/start")).toEqual([
      { threadId: started.id, input: [{ type: "text", text: "zero" }] },
      { threadId: other.id, input: [{ type: "text", text: "one" }], sandboxPolicy: policy },
      { threadId: other.id, input: [{ type: "text", text: "two" }] },
    ]);
    expect(harness.sent("thread/fork")).toMatchObject([{ threadId: other.id, sandbox }]);
  });
});

describe("the other options", () => {
  it("of a thread are sent as they are, and act", async () => {
    await using harness = await startReplying();

    const thread = await harness.codex.startThread({
      model: "another-model",
      baseInstructions: "You are BASE-1.",
      developerInstructions: "Obey DEV-2.",
      config: { model_reasoning_effort: "low" },
      cwd: harness.codexHome,
      ephemeral: true,
      personality: undefined,
    });
    await thread.run("Hi");

    expect(harness.sent("thread/start")).toEqual([
      {
        ...AUTO_REVIEW,
        model: "another-model",
        baseInstructions: "You are BASE-1.",
        developerInstructions: "Obey DEV-2.",
        config: { model_reasoning_effort: "low" },
        cwd: harness.codexHome,
        ephemeral: true,
      },
    ]);
    const request = requestAt(harness.model, 0);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
    const instructions = request.messageTexts("developer").join("\n");
    expect(instructions).toContain("You are BASE-1.");
    expect(instructions).toContain("Obey DEV-2.");
    const { thread: stored } = await thread.read();
    expect([stored.ephemeral, stored.cwd]).toEqual([true, harness.codexHome]);
  });

  it("of a turn stay for the later ones", async () => {
    await using harness = await startReplying();
    const thread = await harness.codex.startThread();

    await thread.run("one", { model: "another-model", effort: "low" });
    await thread.run("two");

    const request = requestAt(harness.model, 1);
    expect([request.modelName(), request.reasoningEffort()]).toEqual(["another-model", "low"]);
  });

  it("are refused when they are unknown, raw or unusable, with a list, and nothing is sent", async () => {
    await using harness = await startReplying();
    const { codex } = harness;
    const thread = await codex.startThread();
    const sentBefore = harness.recording().length;
    // What a caller without a compiler may pass.
    const bad = (options: Readonly<Record<string, unknown>>) => options as object;
    const calls: readonly (readonly [call: () => Promise<unknown>, message: RegExp])[] = [
      [
        () => codex.startThread(bad({ modle: "x" })),
        /^modle: startThread does not have this option.*\bmodel\b/u,
      ],
      [
        () => codex.resumeThread("x", bad({ ephemeral: true })),
        /^ephemeral: resumeThread does not have/u,
      ],
      [
        () => codex.forkThread("x", bad({ personality: "none" })),
        /^personality: forkThread does not have/u,
      ],
      [
        () => thread.run("x", bad({ ephemeral: true })),
        /^ephemeral: a turn does not have .*\bwhenBusy\b/u,
      ],
      [() => thread.turn("x", bad({ sandboxPolicy: {} })), /^sandboxPolicy: .*\(pass sandbox\)/u],
      [
        () => codex.startThread(bad({ approvalPolicy: "never" })),
        /^approvalPolicy: .*approvalMode/u,
      ],
      [
        () => thread.run("x", bad({ approvalsReviewer: "user" })),
        /^approvalsReviewer: .*approvalMode/u,
      ],
      [() => codex.startThread(bad({ dynamicTools: [] })), /^dynamicTools: .*\(pass tools\)/u],
      [
        () => codex.startThread(bad({ approvalMode: "yolo" })),
        /^approvalMode: "yolo" .* one of: auto_review, deny_all\.$/u,
      ],
      [
        () => thread.run("x", bad({ sandbox: "workspaceWrite" })),
        /^sandbox: .* one of: read-only, workspace-write, danger-full-access\.$/u,
      ],
      [
        () => thread.run("x", bad({ whenBusy: "wait" })),
        /^whenBusy: "wait" .* one of: steer, queue\.$/u,
      ],
      [
        () => thread.run("x", bad({ idleTimeoutMs: 0 })),
        /^idleTimeoutMs: expected a number of milliseconds/u,
      ],
    ];

    const refusals = await Promise.all(
      calls.map(([call]) => call().catch((error: unknown) => error)),
    );

    expect(refusals).toEqual(
      calls.map(([, pattern]) =>
        expect.objectContaining({
          name: "InvalidOptionError",
          code: "INVALID_OPTION",
          message: expect.stringMatching(pattern),
        }),
      ),
    );
    const fromClient = harness.recording().slice(sentBefore);
    expect(fromClient.filter(({ from }) => from === "client")).toEqual([]);
  });
});
