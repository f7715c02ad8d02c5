import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { ApprovalDecision } from "../../src/api/approvals/approvalDecision.js";
import type { ApprovalRequest } from "../../src/api/approvals/approvalRequest.js";
import type { ApprovalHandler } from "../../src/api/approvals/approvals.js";
import type { CodexDiagnostic } from "../../src/client/diagnostics.js";
import { createDeferred } from "../../src/internal/deferred.js";
import { addFileCall, commandsOf, escalatedCall } from "../support/approvalScripts.js";
import { startHarness } from "../support/testingKit.js";

/** A handler that returns the same decision for each request, and its requests. */
function answering(decision: ApprovalDecision): {
  readonly requests: ApprovalRequest[];
  readonly onApproval: ApprovalHandler;
} {
  const requests: ApprovalRequest[] = [];
  const onApproval: ApprovalHandler = (request) => {
    requests.push(request);
    return decision;
  };
  return { requests, onApproval };
}

describe("onApproval, called for a command", () => {
  it("runs the command when it returns accept, and receives every member of the request", async () => {
    await using harness = await startHarness();
    const { requests, onApproval } = answering("accept");
    const thread = await harness.codex.startThread({ onApproval });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Done.");

    const result = await thread.run("Go.");

    expect(commandsOf(result.items)).toEqual({ call_1: { status: "completed", output: "hi\n" } });
    expect(requests).toMatchObject([
      {
        kind: "command",
        commandKind: "command",
        threadId: thread.id,
        turnId: result.id,
        itemId: "call_1",
        startedAtMs: expect.any(Number),
        environmentId: "local",
        reason: "The test wants it.",
        command: expect.stringContaining("echo hi"),
        cwd: harness.workspace,
        commandActions: [{ type: "unknown", command: "echo hi" }],
        proposedExecpolicyAmendment: ["echo", "hi"],
        availableDecisions: [
          "accept",
          { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["echo", "hi"] } },
          "cancel",
        ],
      },
    ]);
  });

  it("does not run the command when it returns decline, and the turn continues", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ onApproval: () => "decline" });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Understood.");

    const result = await thread.run("Go.");

    expect(commandsOf(result.items)).toEqual({ call_1: { status: "declined", output: null } });
    expect(result).toMatchObject({ status: "completed", finalResponse: "Understood." });
  });

  it("interrupts the turn when it returns cancel", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({ onApproval: () => "cancel" });
    harness.model.enqueue(escalatedCall("echo hi", "call_1"));

    const result = await thread.run("Go.");

    expect(result.status).toBe("interrupted");
    expect(commandsOf(result.items)).toEqual({ call_1: { status: "declined", output: null } });
  });

  it("is not called for the same command again after acceptForSession", async () => {
    await using harness = await startHarness();
    const { requests, onApproval } = answering("acceptForSession");
    const thread = await harness.codex.startThread({ onApproval });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Done.");
    harness.model.enqueue(escalatedCall("echo hi", "call_2")).reply("Done.");

    await thread.run("Once.");
    const again = await thread.run("Again.");

    expect(commandsOf(again.items)).toEqual({ call_2: { status: "completed", output: "hi\n" } });
    expect(requests.map((request) => request.kind === "command" && request.itemId)).toEqual([
      "call_1",
    ]);
  });

  it("writes a rule for acceptWithExecpolicyAmendment, and a later runtime does not ask again", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({
      onApproval: (request) => {
        const words = request.kind === "command" ? request.proposedExecpolicyAmendment : null;
        if (words === null || words === undefined) return "decline";
        return { acceptWithExecpolicyAmendment: { execpolicy_amendment: words } };
      },
    });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Done.");

    const result = await thread.run("Go.");
    await harness.codex.close();

    expect(commandsOf(result.items)).toEqual({ call_1: { status: "completed", output: "hi\n" } });
    expect(await readFile(join(harness.codexHome, "rules", "default.rules"), "utf8")).toBe(
      'prefix_rule(pattern=["echo", "hi"], decision="allow")\n',
    );

    await using later = await startHarness({
      codex: { cwd: harness.workspace, env: { CODEX_HOME: harness.codexHome } },
    });
    const { requests, onApproval } = answering("decline");
    const next = await later.codex.startThread({ onApproval });
    harness.model.enqueue(
      escalatedCall("echo hi there", "call_2"),
      escalatedCall("echo other", "call_3"),
    );
    harness.model.reply("Done.");

    const again = await next.run("Again.");

    expect(commandsOf(again.items)).toEqual({
      call_2: { status: "completed", output: "hi there\n" },
      call_3: { status: "declined", output: null },
    });
    expect(requests.map((request) => request.kind === "command" && request.itemId)).toEqual([
      "call_3",
    ]);
  });

  it("responds to two open requests in its own order", async () => {
    await using harness = await startHarness();
    const decisions = new Map([
      ["call_1", createDeferred<ApprovalDecision>()],
      ["call_2", createDeferred<ApprovalDecision>()],
    ]);
    const bothAsked = createDeferred<void>();
    const asked: string[] = [];
    const thread = await harness.codex.startThread({
      onApproval: (request) => {
        if (request.kind !== "command") return "decline";
        asked.push(request.itemId);
        if (asked.length === 2) bothAsked.resolve();
        return decisions.get(request.itemId)?.promise ?? "decline";
      },
    });
    const calls = ["call_1", "call_2"].map((id) => escalatedCall(`echo ${id}`, id));
    harness.model.enqueue(...calls).reply("Done.");

    const notifications = harness.codex.notifications();
    const turn = await thread.turn("Go.");
    await bothAsked.promise;
    // The later one is answered first, and the runtime has taken that up before the other is.
    decisions.get("call_2")?.resolve("accept");
    for await (const { method } of notifications) if (method === "serverRequest/resolved") break;
    decisions.get("call_1")?.resolve("decline");
    const { items } = await turn.run();

    expect(asked.toSorted()).toEqual(["call_1", "call_2"]);
    expect(commandsOf(items)).toEqual({
      call_1: { status: "declined", output: null },
      call_2: { status: "completed", output: "call_2\n" },
    });
  });
});

describe("onApproval, called for a file change", () => {
  it("receives the changes, which the request on the wire does not have", async () => {
    await using harness = await startHarness();
    const { requests, onApproval } = answering("accept");
    const thread = await harness.codex.startThread({ onApproval, sandbox: "read-only" });
    harness.model.enqueue(addFileCall("new.txt", "hello", "call_1")).reply("Done.");

    const result = await thread.run("Go.");

    const path = join(harness.workspace, "new.txt");
    expect(await readFile(path, "utf8")).toBe("hello\n");
    expect(requests).toMatchObject([
      {
        kind: "fileChange",
        threadId: thread.id,
        turnId: result.id,
        itemId: "call_1",
        startedAtMs: expect.any(Number),
        reason: null,
        grantRoot: null,
        changes: [{ path, kind: { type: "add" }, diff: "hello\n" }],
      },
    ]);
  });

  it("leaves the file unchanged when it returns decline", async () => {
    await using harness = await startHarness();
    const thread = await harness.codex.startThread({
      onApproval: () => "decline",
      sandbox: "read-only",
    });
    harness.model.enqueue(addFileCall("new.txt", "hello", "call_1")).reply("Understood.");

    const result = await thread.run("Go.");

    const [change] = result.items.filter((item) => item.type === "fileChange");
    expect(change?.status).toBe("declined");
    await expect(readFile(join(harness.workspace, "new.txt"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});

describe("an onApproval that fails", () => {
  const throwing: ApprovalHandler = () => {
    throw new Error("The database of permissions is down.");
  };
  const rejecting: ApprovalHandler = async () => throwing(null as never, null as never);
  // Values that a handler without a compiler may return.
  const approving = (() => "approved") as unknown as ApprovalHandler;
  const forgetting = (() => {}) as unknown as ApprovalHandler;

  it.each([
    ["throws", throwing, "The database of permissions is down."],
    ["rejects", rejecting, "The database of permissions is down."],
    ["returns a word that is not a decision", approving, 'returned "approved"'],
    ["returns nothing", forgetting, "returned undefined"],
  ])("is reported and its request declined when it %s", async (_what, onApproval, message) => {
    const diagnostics: CodexDiagnostic[] = [];
    await using harness = await startHarness({
      codex: { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    });
    const thread = await harness.codex.startThread({ onApproval });
    harness.model.enqueue(escalatedCall("echo hi", "call_1")).reply("Understood.");

    const result = await thread.run("Go.");

    expect(commandsOf(result.items)).toEqual({ call_1: { status: "declined", output: null } });
    expect(diagnostics.filter(({ kind }) => kind === "handlerError")).toEqual([
      {
        kind: "handlerError",
        method: "item/commandExecution/requestApproval",
        error: expect.objectContaining({ message: expect.stringContaining(message) }),
      },
    ]);
  });
});
