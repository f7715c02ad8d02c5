// These tests pass on the pinned runtime and on every older one that docs/skew.md lists: `pnpm lab skew`
// runs them with CODEX_CLI_BIN_PATH set to another runtime. A title is a row of that page.
import { readdir } from "node:fs/promises";

import { expect, it } from "vitest";

import {
  ApprovalMode,
  type ApprovalRequest,
  Codex,
  type CodexDiagnostic,
  CODEX_VERSION,
} from "../../../src/index.js";
import { message, shellCall, startHarness, streamedMessage } from "../../../src/testing/index.js";

/** Older runtimes have another default. */
const denyAll = { approvalMode: ApprovalMode.denyAll };

it("starts, and reports a runtime of another version", async () => {
  const diagnostics: CodexDiagnostic[] = [];
  const onDiagnostic = (diagnostic: CodexDiagnostic) => diagnostics.push(diagnostic);
  await using harness = await startHarness({ codex: { onDiagnostic } });
  await Promise.all([harness.codex.start(), harness.codex.start()]);
  const runtimeVersion = harness.codex.metadata.serverInfo.version;
  const mismatches = diagnostics.filter(({ kind }) => kind === "versionMismatch");
  const mismatch = { kind: "versionMismatch", runtimeVersion, pinnedVersion: CODEX_VERSION };
  expect(mismatches).toMatchObject(runtimeVersion === CODEX_VERSION ? [] : [mismatch]);
});

it("runs two turns on a thread", async () => {
  await using harness = await startHarness();
  harness.model.reply("One.").reply("Two.");
  const thread = await harness.codex.startThread(denyAll);
  for (const finalResponse of ["One.", "Two."]) {
    const { items, ...result } = await thread.run("Count");
    expect(result).toMatchObject({ status: "completed", finalResponse, error: null });
    expect(items.map(({ type }) => type)).toEqual(["userMessage", "agentMessage"]);
  }
});

it("streams a turn", async () => {
  await using harness = await startHarness();
  harness.model.streamText(["Hel", "lo, ", "wörld\u2028."]);
  const thread = await harness.codex.startThread(denyAll);
  const turn = await thread.turn("Greet");
  let text = "";
  const methods: string[] = [];
  for await (const event of turn.stream()) {
    methods.push(event.method);
    if (event.method === "item/agentMessage/delta") text += event.params.delta;
  }
  expect(text).toBe("Hello, wörld\u2028.");
  expect(methods.at(-1)).toBe("turn/completed");
  expect(methods.filter((method) => method === "turn/started")).toHaveLength(1);
});

it("asks for approvals, and runs only what is accepted", async () => {
  await using harness = await startHarness();
  const asked: ApprovalRequest[] = [];
  const thread = await harness.codex.startThread({
    onApproval: (request) => {
      asked.push(request);
      return asked.length === 1 ? "accept" : "decline";
    },
  });
  const escalation = { sandbox_permissions: "require_escalated", justification: "Please." };
  for (const name of ["first", "second"]) {
    harness.model.enqueue(shellCall(`touch ${name}`, escalation)).reply("Done.");
    await thread.run(`Run the ${name} command`);
  }
  expect(asked.map(({ kind, threadId }) => [kind, threadId])).toEqual([
    ["command", thread.id],
    ["command", thread.id],
  ]);
  expect(await readdir(harness.workspace)).toEqual(["first"]);
});

it("interrupts and aborts turns", async () => {
  await using harness = await startHarness();
  const { codex, model } = harness;
  const gate = model.gate();
  model.streamText(["Working", gate, " on"]);
  const thread = await codex.startThread(denyAll);
  const turn = await thread.turn("Work");
  const result = turn.run();
  await gate.reached;
  await turn.interrupt();
  expect((await result).status).toBe("interrupted");

  // A turn that is interrupted at once may have sent its request to the model, or not.
  model.respond(() => [streamedMessage([model.gate()])]);
  const atOnce = await thread.turn("Work again");
  await atOnce.interrupt();
  expect((await atOnce.run()).status).toBe("interrupted");

  const controller = new AbortController();
  const aborted = thread.run("And again", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");

  model.respond(() => [message("Back again.")]);
  const after = await thread.run("Rest", { whenBusy: "queue" });
  expect(after.finalResponse).toBe("Back again.");
});

it("resumes and lists a thread in another process", async () => {
  await using harness = await startHarness();
  const { codex, model, codexHome, workspace } = harness;
  model.reply("Noted.").reply("It was 42.");
  const thread = await codex.startThread(denyAll);
  await thread.run("Remember 42");
  await codex.close();
  await using next = new Codex({
    cwd: workspace,
    env: { CODEX_HOME: codexHome, CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1" },
  });
  const resumed = await next.resumeThread(thread.id, denyAll);
  expect((await resumed.run("What was it?")).finalResponse).toBe("It was 42.");
  const history = model.requests.at(-1)?.userTexts() ?? [];
  expect(history.filter((text) => !text.startsWith("<")).slice(-2)).toEqual([
    "Remember 42",
    "What was it?",
  ]);
  expect((await next.listThreads()).data.map(({ id }) => id)).toEqual([thread.id]);
});

it("closes in the middle of a turn", async () => {
  await using harness = await startHarness();
  const gate = harness.model.gate();
  harness.model.streamText(["Working", gate]);
  const thread = await harness.codex.startThread(denyAll);
  const turn = await thread.turn("Work");
  const cutOff = turn.run().catch((error: unknown) => error);
  await gate.reached;
  await harness.codex.close();
  expect(await cutOff).toMatchObject({ code: "CLOSED" });
  await expect(harness.codex.models()).rejects.toMatchObject({ code: "CLOSED" });
});
