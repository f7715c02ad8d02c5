import { readdir } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

import {
  ApprovalMode,
  type ApprovalRequest,
  Codex,
  type CodexDiagnostic,
  CODEX_VERSION,
} from "@openai/codex";
import { message, shellCall, streamedMessage } from "@openai/codex/testing";

import { codeOfRejection, expectEqual, type Probe, withHarness } from "./probe.js";

/** Said where the sandbox is to decide: every runtime knows it, unlike the default. */
const denyAll = { approvalMode: ApprovalMode.denyAll };

/** What must work on every runtime from 0.116.0 on. */
export const coreProbes = {
  start: async (runtime) => {
    const diagnostics: CodexDiagnostic[] = [];
    const onDiagnostic = (diagnostic: CodexDiagnostic) => diagnostics.push(diagnostic);
    const use: Parameters<typeof withHarness>[1] = async ({ codex }) => {
      await Promise.all([codex.start(), codex.start()]);
      const { serverInfo, pinnedVersion } = codex.metadata;
      expectEqual("the version that answered", serverInfo.version, runtime.version);
      expectEqual("the pin", pinnedVersion, CODEX_VERSION);
      const mismatches = diagnostics.filter(({ kind }) => kind === "versionMismatch");
      const runtimeVersion = runtime.version;
      const mismatch = { kind: "versionMismatch", runtimeVersion, pinnedVersion };
      const isPin = runtimeVersion === pinnedVersion;
      expectEqual("what was reported", mismatches, isPin ? [] : [mismatch]);
    };
    await withHarness(runtime, use, { codex: { onDiagnostic } });
  },

  turn: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.reply("One.").reply("Two.");
      const thread = await codex.startThread(denyAll);
      for (const wanted of ["One.", "Two."]) {
        // The second turn is to follow the first.
        // oxlint-disable-next-line no-await-in-loop
        const result = await thread.run("Count");
        const { status, finalResponse, items, error } = result;
        const types = items.map(({ type }) => type);
        expectEqual(
          "the result",
          { status, finalResponse, types, error },
          {
            status: "completed",
            finalResponse: wanted,
            types: ["userMessage", "agentMessage"],
            error: null,
          },
        );
      }
    }),

  stream: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      model.streamText(["Hel", "lo, ", "wörld\u2028."]);
      const thread = await codex.startThread(denyAll);
      const turn = await thread.turn("Greet");
      let text = "";
      const methods: string[] = [];
      for await (const event of turn.stream()) {
        methods.push(event.method);
        if (event.method === "item/agentMessage/delta") text += event.params.delta;
      }
      expectEqual("the text", text, "Hello, wörld\u2028.");
      expectEqual("the last event", methods.at(-1), "turn/completed");
      expectEqual("how often it started", count(methods, "turn/started"), 1);
    }),

  approval: (runtime) =>
    withHarness(runtime, async ({ codex, model, workspace }) => {
      const asked: ApprovalRequest[] = [];
      const thread = await codex.startThread({
        onApproval: (request) => {
          asked.push(request);
          return asked.length === 1 ? "accept" : "decline";
        },
      });
      for (const name of ["first", "second"]) {
        const escalation = { sandbox_permissions: "require_escalated", justification: "Please." };
        model.enqueue(shellCall(`touch ${name}`, escalation)).reply("Done.");
      }
      for (const name of ["first", "second"]) {
        // oxlint-disable-next-line no-await-in-loop
        await thread.run(`Run the ${name} command`);
      }
      const kinds = asked.map(({ kind, threadId }) => [kind, threadId === thread.id]);
      expectEqual("what was asked", kinds, [
        ["command", true],
        ["command", true],
      ]);
      const outputs = model.requests
        .at(-1)
        ?.functionCallOutputs()
        .map(({ text }) => text);
      const made = await readdir(workspace);
      expectEqual(`what the commands made (${JSON.stringify(outputs)})`, made, ["first"]);
    }),

  interrupt: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      const gate = model.gate();
      model.streamText(["Working", gate, " on"]);
      const thread = await codex.startThread(denyAll);
      const turn = await thread.turn("Work");
      const result = turn.run();
      await gate.reached;
      await turn.interrupt();
      expectEqual("the status", (await result).status, "interrupted");

      // A turn that is stopped at once may have asked the model, or not.
      model.respond(() => [streamedMessage([model.gate()])]);
      const atOnce = await thread.turn("Work again");
      await atOnce.interrupt();
      expectEqual(
        "the status after an interrupt at once",
        (await atOnce.run()).status,
        "interrupted",
      );

      const controller = new AbortController();
      const aborted = thread.run("And again", { signal: controller.signal });
      controller.abort(new Error("enough"));
      expectEqual("an abort", await codeOfRejection("an aborted run", aborted), "Error: enough");

      model.respond(() => [message("Back again.")]);
      const after = await thread.run("Rest", { whenBusy: "queue" });
      expectEqual("the answer afterwards", after.finalResponse, "Back again.");
    }),

  resume: (runtime) =>
    withHarness(runtime, async ({ codex, model, codexHome, workspace }) => {
      model.reply("Noted.").reply("It was 42.");
      const thread = await codex.startThread(denyAll);
      await thread.run("Remember 42");
      await codex.close();
      await using next = new Codex({
        codexPath: runtime.codexPath,
        cwd: workspace,
        env: { CODEX_HOME: codexHome, CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1" },
      });
      const resumed = await next.resumeThread(thread.id, denyAll);
      const { finalResponse } = await resumed.run("What was it?");
      expectEqual("the answer", finalResponse, "It was 42.");
      const history = model.requests.at(-1)?.userTexts() ?? [];
      expectEqual("the history", history.filter((text) => !text.startsWith("<")).slice(-2), [
        "Remember 42",
        "What was it?",
      ]);
      const { data } = await next.listThreads();
      expectEqual(
        "the list",
        data.map(({ id }) => id),
        [thread.id],
      );
    }),

  close: (runtime) =>
    withHarness(runtime, async ({ codex, model }) => {
      const gate = model.gate();
      model.streamText(["Working", gate]);
      const thread = await codex.startThread(denyAll);
      const turn = await thread.turn("Work");
      const waiting = codeOfRejection("a turn at the close", turn.run());
      await gate.reached;
      await codex.close();
      expectEqual("the turn's end", await waiting, "CLOSED");
      expectEqual("a later call", await codeOfRejection("a later call", codex.models()), "CLOSED");
      expectEqual("how many processes are left", await processesLeft(), 0);
    }),
} as const satisfies Record<string, Probe>;

/** How many children this process has, once the handles of those that ended are given back. */
async function processesLeft(): Promise<number> {
  for (let tick = 0; tick < 100; tick += 1) {
    if (count(process.getActiveResourcesInfo(), "ProcessWrap") === 0) return 0;
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
  return count(process.getActiveResourcesInfo(), "ProcessWrap");
}

function count(values: readonly string[], value: string): number {
  return values.filter((each) => each === value).length;
}
