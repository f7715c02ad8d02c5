import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import type {
  PermissionsDecision,
  UserInputDecision,
} from "../../src/api/approvals/approvalDecision.js";
import type { ApprovalRequest } from "../../src/api/approvals/approvalRequest.js";
import { approvalsByKind } from "../../src/api/approvals/approvals.js";
import type { CodexDiagnostic } from "../../src/client/diagnostics.js";
import { type Harness, SCRIPTED_MODEL_NAME, startHarness } from "../support/testingKit.js";

const MCP_SERVER = fileURLToPath(new URL("../support/elicitingMcpServer.mjs", import.meta.url));

/** Returns the output of the last tool call that the model received. */
function lastOutput({ model }: Harness): string | undefined {
  return model.requests.at(-1)?.functionCallOutputs().at(-1)?.text;
}

describe("onApproval, asked for permissions", () => {
  const asked = { network: { enabled: true } };
  const all = { network: { enabled: true }, file_system: null };
  const none = { network: null, file_system: null };

  it.each<[string, PermissionsDecision, unknown]>([
    ["accept", "accept", { permissions: all, scope: "turn" }],
    ["acceptForSession", "acceptForSession", { permissions: all, scope: "session" }],
    ["decline", "decline", { permissions: none, scope: "turn" }],
    ["a grant of nothing", { permissions: {} }, { permissions: none, scope: "turn" }],
    ["a grant", { permissions: asked, scope: "session" }, { permissions: all, scope: "session" }],
  ])("answers with %s", async (_name, decision, granted) => {
    await using harness = await startHarness({
      config: { features: { request_permissions_tool: true } },
    });
    const requests: ApprovalRequest[] = [];
    const thread = await harness.codex.startThread({
      onApproval: approvalsByKind({
        permissions: (request) => {
          requests.push(request);
          return decision;
        },
      }),
      sandbox: "read-only",
    });
    const args = { reason: "To look something up.", permissions: asked };
    harness.model.callFunction("request_permissions", args, { callId: "call_1" }).reply("Done.");

    const result = await thread.run("Go.");

    expect(JSON.parse(lastOutput(harness) ?? "")).toEqual(granted);
    expect(requests).toMatchObject([
      {
        kind: "permissions",
        threadId: thread.id,
        turnId: result.id,
        itemId: "call_1",
        environmentId: "local",
        startedAtMs: expect.any(Number),
        cwd: harness.workspace,
        reason: "To look something up.",
        permissions: { network: { enabled: true }, fileSystem: null },
      },
    ]);
  });
});

describe("onApproval, asked what the model wants to know", () => {
  const question = {
    id: "colour",
    header: "Colour",
    question: "Which one?",
    options: [
      { label: "Red", description: "Warm." },
      { label: "Blue", description: "Cold." },
    ],
  };

  it.each<[string, UserInputDecision, unknown]>([
    ["one text", { answers: { colour: "Red" } }, { colour: { answers: ["Red"] } }],
    ["texts", { answers: { colour: ["Red", "or so"] } }, { colour: { answers: ["Red", "or so"] } }],
    ["decline", "decline", {}],
  ])("answers with %s", async (_name, decision, answers) => {
    await using harness = await startHarness();
    const requests: ApprovalRequest[] = [];
    const thread = await harness.codex.startThread({
      onApproval: approvalsByKind({
        userInput: (request) => {
          requests.push(request);
          return decision;
        },
      }),
    });
    const args = { questions: [question] };
    harness.model.callFunction("request_user_input", args, { callId: "call_1" }).reply("Done.");

    const result = await thread.run("Ask me.", {
      collaborationMode: {
        mode: "plan",
        settings: {
          model: SCRIPTED_MODEL_NAME,
          reasoning_effort: null,
          developer_instructions: null,
        },
      },
    });

    expect(JSON.parse(lastOutput(harness) ?? "")).toEqual({ answers });
    expect(requests).toMatchObject([
      {
        kind: "userInput",
        threadId: thread.id,
        turnId: result.id,
        itemId: "call_1",
        questions: [{ ...question, isOther: true, isSecret: false }],
        isBlocking: true,
        autoResolutionMs: null,
      },
    ]);
  });
});

describe("onApproval, asked by an MCP server", () => {
  const config = {
    mcp_servers: { tiny: { command: process.execPath, args: [MCP_SERVER] } },
  };
  const inTiny = { namespace: "mcp__tiny" };

  it("gets the server's form, and gives back its content", async () => {
    await using harness = await startHarness({ config });
    const requests: ApprovalRequest[] = [];
    const thread = await harness.codex.startThread({
      onApproval: (request) => {
        requests.push(request);
        return { content: { colour: "red" } };
      },
    });
    harness.model.callFunction("survey", {}, inTiny).reply("Done.");

    const result = await thread.run("Go.");

    expect(lastOutput(harness)).toContain('{"action":"accept","content":{"colour":"red"}}');
    expect(requests).toMatchObject([
      {
        kind: "elicitation",
        toolApproval: null,
        threadId: thread.id,
        turnId: result.id,
        serverName: "tiny",
        mode: "form",
        _meta: null,
        message: "Which colour?",
        requestedSchema: {
          type: "object",
          properties: { colour: { type: "string", title: "Colour" } },
          required: ["colour"],
        },
      },
    ]);
  });

  it.each(["decline", "cancel"] as const)("answers the server with %s", async (decision) => {
    await using harness = await startHarness({ config });
    const thread = await harness.codex.startThread({ onApproval: () => decision });
    harness.model.callFunction("survey", {}, inTiny).reply("Done.");

    await thread.run("Go.");

    expect(lastOutput(harness)).toContain(`{"action":"${decision}"}`);
  });

  it("accepts no form with required fields that it has no content for", async () => {
    const diagnostics: CodexDiagnostic[] = [];
    await using harness = await startHarness({
      config,
      codex: { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
    });
    const thread = await harness.codex.startThread({ onApproval: () => "accept" });
    harness.model.callFunction("survey", {}, inTiny).reply("Done.");

    await thread.run("Go.");

    expect(lastOutput(harness)).toContain('{"action":"decline"}');
    expect(diagnostics.filter(({ kind }) => kind === "handlerError")).toMatchObject([
      { kind: "handlerError", method: "mcpServer/elicitation/request" },
    ]);
  });

  it("is called before a tool call, and once per session after acceptForSession", async () => {
    await using harness = await startHarness({ config });
    const requests: ApprovalRequest[] = [];
    const thread = await harness.codex.startThread({
      onApproval: approvalsByKind({
        elicitation: (request) => {
          requests.push(request);
          return requests.length === 1 ? "decline" : "acceptForSession";
        },
      }),
    });
    const outputs: unknown[] = [];
    for (const text of ["one", "two", "three"]) {
      harness.model.callFunction("note", { text }, inTiny).reply("Done.");
      // oxlint-disable-next-line no-await-in-loop -- a thread has one turn at a time
      await thread.run("Go.");
      outputs.push(lastOutput(harness)?.split("\n").at(-1));
    }

    expect(outputs).toEqual(["user rejected MCP tool call", "noted: two", "noted: three"]);
    expect(
      requests.map((request) => request.kind === "elicitation" && request.toolApproval),
    ).toEqual(
      ["one", "two"].map((text) => ({
        toolName: "note",
        toolDescription: "Writes a note.",
        toolParams: { text },
        canAcceptForSession: true,
      })),
    );
  });
});
